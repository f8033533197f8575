// The fake control plane: sign-in, sites, operations with their event stream, plans.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ADMIN_ROOMS } from './admin.mjs';
import { diagnosis } from './diagnosis.mjs';
import { domains } from './domains.mjs';
import { events } from './events.mjs';
import { readJson, refuse, send, sessionOf, signedIn } from './http.mjs';
import { logs } from './lines.mjs';
import { metrics } from './metrics.mjs';
import * as pages from './pages.mjs';
import * as sharing from './sharing.mjs';

const ROOMS = { me, tenants, operations, plans, events, tiers: pages.tiers, threads: sharing.share, ...ADMIN_ROOMS };

export async function api(call, path) {
  const { world, request, response } = call;
  const [room, id, part, name, more] = path.split('/');
  if (room === 'auth') return auth(call, path.slice(5));
  if (room === 'shared') return sharing.follow(call, id);
  if (!signedIn(world, request)) return refuse(response, 401, 'session_expired', 'Sign in first.');
  const open = ROOMS[room];
  return open ? open(call, id, part, name, more) : refuse(response, 404, 'not_found');
}

async function auth({ world, request, response }, what) {
  if (what === 'email-link') return sendLink(world, await readJson(request), response);
  if (what === 'email-link/redeem') return redeem(world, await readJson(request), response);
  if (what === 'providers') return send(response, 200, { email_link: true, firebase: world.firebase });
  if (what === 'firebase') return enter(world, await readJson(request), response);
  world.sessions.delete(sessionOf(request));
  return response.writeHead(204, { 'set-cookie': 'aipress_session=; Max-Age=0; Path=/' }).end();
}

function sendLink(world, { email }, response) {
  if (!email?.includes('@')) return refuse(response, 422, 'invalid', 'That is not an e-mail address.');
  world.lastLink = world.newLink();
  return send(response, 202, { sent_to: email, expires_at: new Date(Date.now() + 900_000).toISOString() });
}

function redeem(world, { token }, response) {
  if (!world.links.delete(token)) return refuse(response, 410, 'link_used', 'This link was used or has expired.');
  return letIn(world, response);
}

/** Its Firebase gives two tokens: one of somebody whose address is confirmed, and one of somebody whose is not. */
function enter(world, { id_token }, response) {
  if (id_token === 'unconfirmed')
    return refuse(response, 403, 'email_not_verified', 'Nobody has confirmed yet that ada@example.com is yours.');
  if (id_token !== 'good') return refuse(response, 401, 'not_signed_in', 'That token is not valid here.');
  return letIn(world, response);
}

function letIn(world, response) {
  const session = randomUUID();
  world.sessions.add(session);
  const cookie = `aipress_session=${session}; HttpOnly; SameSite=Lax; Path=/`;
  return send(response, 200, { user: world.user }, { 'set-cookie': cookie });
}

function me({ world, response }) {
  return send(response, 200, world.me());
}

const PARTS = {
  alerts: pages.alerts,
  billing: pages.billing,
  budget: pages.budget,
  diagnosis,
  logs,
  metrics,
  members: pages.members,
  secrets: pages.secrets,
  domains,
  cache: ({ world, response }, tenant) => send(response, 200, world.showOperation(world.begin('purge', tenant))),
  'login-links': loginLink,
};

function tenants(call, id, part, name, more) {
  const { world, request, response } = call;
  if (!id) return request.method === 'POST' ? pages.createTenant(call) : listTenants(call);
  const tenant = world.find(id);
  if (!tenant) return refuse(response, 404, 'not_found', 'No such site.');
  if (part === 'billing' && name === 'advice') return pages.advice(call, tenant);
  if (part) return PARTS[part](call, tenant, name, more);
  if (request.method === 'PATCH') return pages.renameTenant(call, tenant);
  return send(response, 200, world.showTenant(tenant));
}

function listTenants({ world, request, response }) {
  const q = new URL(request.url, 'http://localhost').searchParams.get('q')?.toLowerCase() ?? '';
  const there = world.tenants.filter(
    (one) => world.stateOf(one) !== 'removed' && `${one.name} ${one.slug}`.toLowerCase().includes(q),
  );
  return send(response, 200, { items: there.map((one) => world.showTenant(one)), next_cursor: null });
}

function loginLink({ world, response }, tenant) {
  const token = randomUUID();
  world.adminLinks.set(token, tenant);
  const expires_at = new Date(Date.now() + 60_000).toISOString();
  return send(response, 201, { url: `${world.urlOf(tenant)}?aipress_login=${token}`, expires_at });
}

function operations(call, id, part) {
  const { world, response } = call;
  if (!id) return pages.listOperations(call);
  const operation = world.operations.get(id);
  if (!operation) return refuse(response, 404, 'not_found');
  if (part === 'undo') return send(response, 202, world.showOperation(world.undo(operation)));
  return part === 'events' ? follow(world, operation, response) : send(response, 200, world.showOperation(operation));
}

async function follow(world, operation, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let last = '';
  while (!response.destroyed) {
    const shown = world.showOperation(operation);
    const text = JSON.stringify(shown);
    if (text !== last) response.write(`event: operation\ndata: ${text}\n\n`);
    last = text;
    if (shown.ended_at) break;
    await pause(25);
  }
  response.end();
}

async function plans(call, id, part) {
  const { world, request, response } = call;
  if (!id) return pages.proposePlan(call);
  const plan = world.plans.get(id);
  if (!plan) return refuse(response, 404, 'not_found');
  if (part === 'confirmation') return confirm(world, plan, await readJson(request), response);
  if (request.method === 'DELETE') {
    plan.state = 'withdrawn';
    return response.writeHead(204).end();
  }
  return send(response, 200, plan);
}

function confirm(world, plan, { hash, typed_name }, response) {
  if (hash !== plan.hash || plan.state !== 'proposed')
    return refuse(response, 409, 'conflict', 'This plan has changed. Look at it again.');
  if (typed_name !== plan.typed_name) return refuse(response, 422, 'invalid', 'The name does not match.');
  const operation = world.carryOut(plan);
  Object.assign(plan, { state: 'confirmed', operation_id: operation.id });
  return send(response, 202, world.showOperation(operation));
}
