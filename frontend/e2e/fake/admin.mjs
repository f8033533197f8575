// What the fake control plane tells admins: people, the log and its verdict, secrets, how the platform is. Refused to everybody else.

import { readJson, refuse, send } from './http.mjs';
import * as pages from './pages.mjs';

function page(items, url) {
  const { searchParams } = new URL(url, 'http://localhost');
  const from = Number(searchParams.get('cursor') ?? 0);
  const until = from + Number(searchParams.get('limit') ?? 50);
  return { items: items.slice(from, until), next_cursor: until < items.length ? String(until) : null };
}

function asked(url) {
  return Object.fromEntries(new URL(url, 'http://localhost').searchParams);
}

function onlyAdmins(room) {
  return (call, ...path) =>
    call.world.role === 'admin'
      ? room(call, ...path)
      : refuse(call.response, 403, 'forbidden', 'Only admins may do that.');
}

async function users(call, id, part) {
  const { world, request, response } = call;
  if (!id && request.method === 'POST') return add(world, await readJson(request), response);
  if (!id) return send(response, 200, page(found(world.office.people, asked(request.url)), request.url));
  const person = world.office.people.find((one) => one.id === id);
  if (!person) return refuse(response, 404, 'not_found', 'There is no such person.');
  if (request.method === 'GET') return send(response, 200, person, { etag: `W/"${person.version}"` });
  if (request.method === 'PATCH') return change(person, await readJson(request), call);
  return part === 'sessions' ? endSessions(person, response) : remove(world.office, person, response);
}

const WAY = {
  kind: 'another_size',
  tier: 'basic',
  saving: '9.00',
  currency: 'USD',
  text: 'basic holds what the site needs at its busiest, with a fifth to spare.',
  figures: [],
};
const OFFER = {
  service: 'Cloud SQL',
  covers: ['vCPU'],
  years: 3,
  discount_percent: '52.00',
  currency: 'USD',
  days: 90,
  a_day: '10.00',
  steady_percent: '83.30',
  used_percent: '100.00',
  cost: '360.00',
  cost_with: '204.00',
  saving: '156.00',
  pays_from_percent: '48.00',
  pays_after_months: '17.28',
  source: 'https://cloud.google.com/sql/cud',
};

function advice({ world, response }) {
  const sites = world.tenants.map(({ id, name, slug }) => ({
    ...{ tenant: id, name, slug, tier: 'standard', days: 28, measured: true },
    items: [WAY],
  }));
  const savings = sites.length ? [{ amount: `${9 * sites.length}.00`, currency: 'USD' }] : [];
  return send(response, 200, { sites, left_out: 0, commitments: [OFFER], savings });
}

function billing({ world, response }, part) {
  if (part === 'advice') return advice({ world, response });
  const sites = world.tenants.map(({ id, name, slug }) => ({ tenant: id, name, slug, amount: '1.00' }));
  const total = `${sites.length}.25`;
  const bill = {
    currency: 'USD',
    total,
    unallocated: '0.25',
    sites,
    by_service: [{ service: 'Hosting', amount: total }],
  };
  const now = new Date().toISOString();
  const budgets = world.tenants
    .filter((one) => one.budget)
    .map(({ id, name, slug, budget }) => ({ tenant: id, name, slug, ...budget }));
  return send(response, 200, { month: now.slice(0, 7), as_of: now, bills: [{ ...bill, by_day: [] }], budgets });
}

function found(people, { q = '', role, state }) {
  return people.filter(
    (one) => `${one.name} ${one.email}`.includes(q) && (!role || one.role === role) && (!state || one.state === state),
  );
}

function add(world, { email, name, role }, response) {
  if (world.office.people.some((one) => one.email === email))
    return refuse(response, 409, 'conflict', `${email} is here already.`);
  const person = world.office.addPerson(email, { ...(name && { name }), role });
  world.note('CREATE_USER', person, { email, role });
  return send(response, 201, person);
}

function change(person, wish, { world, request, response }) {
  if (request.headers['if-match']?.replace(/^W\//, '') !== `"${person.version}"`)
    return refuse(response, 412, 'outdated', 'Somebody changed this person since you read them.');
  Object.assign(person, wish, { version: person.version + 1 });
  world.note('CHANGE_USER', person, { email: person.email, ...wish });
  return send(response, 200, person);
}

function endSessions(person, response) {
  person.sessions = 0;
  return response.writeHead(204).end();
}

function remove(office, person, response) {
  if (person.sites > 0) return refuse(response, 409, 'conflict', `${person.email} owns sites. Delete those first.`);
  office.people = office.people.filter((one) => one !== person);
  return response.writeHead(204).end();
}

/** The log is everybody's, as far as they may see it; only admins may have it checked. */
function audit(call, part) {
  const { world, response } = call;
  if (part !== 'verification') return pages.audit(call);
  return onlyAdmins(() => send(response, 200, world.office.verdict))(call);
}

function secrets({ world: { office }, request, response }) {
  return send(response, 200, page(office.secrets, request.url));
}

function health({ world: { office }, response }, part) {
  if (part === 'overview') return send(response, 200, office.overview());
  const isWell = Object.values(office.checks).every((found) => found === 'ok');
  return send(response, isWell ? 200 : 503, { status: isWell ? 'ok' : 'degraded', checks: office.checks });
}

function alerts({ world, response }, id, part) {
  if (part === 'acknowledgement') {
    const alert = world.alerts.find((one) => one.id === id);
    alert.acknowledged = { at: new Date().toISOString(), by_email: world.user.email };
    return send(response, 200, alert);
  }
  if (world.role !== 'admin') return refuse(response, 403, 'forbidden', 'Only admins may do that.');
  return send(response, 200, { items: world.alerts.filter((one) => one.state === 'open'), next_cursor: null });
}

/** Keeps the host alone, as the real one shows no more. */
async function alertSettings({ world, request, response }) {
  if (request.method === 'GET') return send(response, 200, world.alertSettings);
  const wish = await readJson(request);
  if (wish.webhook && !wish.webhook.url.startsWith('https://'))
    return refuse(response, 422, 'invalid', 'A webhook’s address begins with https://.');
  const webhook = wish.webhook ? { host: new URL(wish.webhook.url).hostname, trouble: null } : null;
  world.alertSettings = { by_mail: wish.by_mail, webhook: 'webhook' in wish ? webhook : world.alertSettings.webhook };
  return send(response, 200, world.alertSettings);
}

export const ADMIN_ROOMS = {
  alerts,
  'alert-settings': onlyAdmins(alertSettings),
  users: onlyAdmins(users),
  audit,
  secrets: onlyAdmins(secrets),
  health: onlyAdmins(health),
  billing: onlyAdmins(billing),
};
