// What the pages of sites ask the fake control plane for: sizes, what was done, sharing, environment variables, new sites and names.

import { readJson, refuse, send } from './http.mjs';
import { newId } from './world.mjs';

const price = (amount) => ({ amount: `${amount}.0000`, currency: 'USD' });
const TIERS = [
  { id: 'basic', label: 'Basic', monthly: price(0), summary: '3 requests at once in 512 MB.', min_instances: 0 },
  { id: 'standard', label: 'Standard', monthly: price(9), summary: '6 requests at once in 1 GB.', min_instances: 0 },
];

export const tiers = ({ response }) => send(response, 200, { items: TIERS });

/** What is wrong with a site: what a test put there. */
export const alerts = ({ world, response }, tenant) =>
  send(response, 200, { items: world.alerts.filter((one) => one.tenant?.id === tenant.id), next_cursor: null });

/** A larger size than it needs, unless it is called Quiet. */
export function advice({ response }, tenant) {
  const figures = [{ name: 'most memory', value: '200.00', unit: 'MB', source: 'metrics' }];
  const text = 'basic holds what the site needs at its busiest, with a fifth to spare.';
  const way = { kind: 'another_size', tier: 'basic', saving: '9.00', currency: 'USD', text, figures };
  const { id, name, slug } = tenant;
  const items = name === 'Quiet' ? [] : [way];
  return send(response, 200, { tenant: id, name, slug, tier: 'standard', days: 28, measured: true, items });
}

/** A month of 4.60 dollars; of a site called Quiet nothing is counted yet. */
export function billing({ response }, tenant) {
  const month = new Date().toISOString().slice(0, 7);
  const whole = (amount) => [{ service: 'Hosting', amount }];
  const change = { before: '3.00', now: '4.60', difference: '1.60', through_day: 11, reasons: [REASON] };
  const forecast = { amount: '9.50', basis: 'If every day to come costs what the last 7 days did on average.' };
  const bill = { currency: 'USD', month_to_date: '4.60', forecast, change, by_service: whole('4.60') };
  const bills = tenant.name === 'Quiet' ? [] : [{ ...bill, by_day: [{ day: `${month}-01`, amount: '4.60' }] }];
  const as_of = bills.length ? new Date().toISOString() : null;
  return send(response, 200, { month, as_of, bills, budget: tenant.budget ?? null });
}

/** A budget of which 4.60 dollars are spent. */
export async function budget({ request, response }, tenant) {
  if (request.method === 'DELETE') {
    tenant.budget = null;
    return send(response, 204);
  }
  const { amount, currency, thresholds } = await readJson(request);
  if (!(Number(amount) > 0)) return refuse(response, 422, 'invalid', 'amount: it has to be more than 0.');
  const spent_percent = Math.floor(460 / Number(amount));
  tenant.budget = {
    amount,
    currency,
    thresholds,
    spent_percent,
    told: thresholds.filter((one) => one <= spent_percent),
  };
  return send(response, 200, tenant.budget);
}

const REASON = {
  service: 'Hosting',
  sku: 'Size standard',
  unit: 'month',
  difference: '1.60',
  by_use: '1.60',
  by_price: '0.00',
  by_credits: '0.00',
  used_before: '0.30',
  used_now: '0.50',
  text: 'Size standard: from 0.30 to 0.50 month.',
};

/** Newest first, with the filters of the real one. */
export function audit({ world, request, response }) {
  const asked = new URL(request.url, 'http://localhost').searchParams;
  const [actor, action, subject] = ['actor', 'action', 'subject'].map((name) => asked.get(name));
  const found = world.deeds.filter(
    (one) =>
      (!actor || [one.actor.id, one.actor.email].includes(actor)) &&
      (!action || one.action === action) &&
      (!subject || one.subject === subject),
  );
  return page(asked, found, response);
}

export function listOperations({ world, request, response }) {
  const asked = new URL(request.url, 'http://localhost').searchParams;
  const [tenant, kind, state] = ['tenant', 'kind', 'state'].map((name) => asked.get(name));
  const found = [...world.operations.values()]
    .reverse()
    .map((one) => world.showOperation(one))
    .filter((one) => !tenant || [one.tenant.id, one.tenant.slug].includes(tenant))
    .filter((one) => (!kind || one.kind === kind) && (!state || one.state === state));
  return page(asked, found, response);
}

function page(asked, found, response) {
  const from = Number(asked.get('cursor') ?? 0);
  const to = from + Number(asked.get('limit') ?? 50);
  return send(response, 200, { items: found.slice(from, to), next_cursor: found.length > to ? String(to) : null });
}

/** A new site, unless its tier costs: then the plan says so first. */
export async function createTenant({ world, request, response }) {
  const { name } = await readJson(request);
  if (name.includes('🤖')) return refuse(response, 422, 'invalid', 'A name can’t have that character.');
  return send(response, 202, world.showOperation(world.createSite(name)));
}

export async function renameTenant({ world, request, response }, tenant) {
  const { name } = await readJson(request);
  if (name === 'Refused') return refuse(response, 409, 'conflict', 'That name is refused.');
  const receipt = world.renameSite(tenant, name);
  return send(response, 200, world.showTenant(tenant), { 'aipress-operation': receipt.id });
}

export async function proposePlan({ world, request, response }) {
  const { action, arguments: told } = await readJson(request);
  if (action === 'DELETE_SITE') return send(response, 201, world.planDeletion(world.find(told.tenant)));
  return send(response, 201, world.planCreation(told));
}

export async function members({ world, request, response }, tenant, id) {
  if (request.method === 'GET') return send(response, 200, { items: peopleOf(world, tenant), next_cursor: null });
  if (request.method === 'DELETE') {
    takeOff(world, tenant, id);
    return response.writeHead(204).end();
  }
  const shared = world.sharedWith(tenant);
  const { email } = await readJson(request);
  if (!email.includes('@')) return refuse(response, 422, 'invalid', 'That is not an e-mail address.');
  if (shared.some((one) => one.user.email === email)) return refuse(response, 409, 'conflict', 'They have it already.');
  const member = { user: { id: newId('usr'), email, name: '' }, role: 'member', added_at: new Date().toISOString() };
  shared.push(member);
  return send(response, 201, member);
}

/** The owner first, who is somebody else where the person is a member. */
function peopleOf(world, tenant) {
  const added_at = tenant.created_at;
  const shared = world.sharedWith(tenant);
  if (world.access === 'owner') return [{ user: world.user, role: 'owner', added_at }, ...shared];
  const owner = { id: 'usr_owner', email: 'owner@example.com', name: '' };
  return [{ user: owner, role: 'owner', added_at }, { user: world.user, role: 'member', added_at }, ...shared];
}

/** Whoever leaves has the site no more. */
function takeOff(world, tenant, id) {
  const left = world.sharedWith(tenant).filter((one) => one.user.id !== id);
  world.shared.set(tenant.id, left);
  if (id === world.user.id) world.tenants = world.tenants.filter((one) => one !== tenant);
}

export async function secrets({ world, request, response }, tenant, name) {
  const kept = world.secretsOf(tenant);
  if (request.method === 'GET') return send(response, 200, { items: [...kept.values()], next_cursor: null });
  if (request.method === 'DELETE') {
    kept.delete(name);
    return response.writeHead(204).end();
  }
  const { value } = await readJson(request);
  if (name.startsWith('AIPRESS_')) return refuse(response, 422, 'invalid', 'That name is the platform’s own.');
  const before = kept.get(name);
  const { id, email } = world.user;
  const secret = {
    name,
    last_four: value.length >= 16 ? value.slice(-4) : null,
    version: (before?.version ?? 0) + 1,
    set_at: new Date().toISOString(),
    set_by: { id, email },
  };
  kept.set(name, secret);
  return send(response, before ? 200 : 201, secret);
}
