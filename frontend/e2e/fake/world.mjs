// The fake platform's things: people, sites, operations that progress with the clock, plans. Enough of the wire to drive the app.

import { createHash, randomUUID } from 'node:crypto';
import { Office } from './office.mjs';

const STEPS = [
  ['secrets', 'Secrets', 0.1],
  ['database', 'Database', 0.3],
  ['bucket', 'Files', 0.1],
  ['cache', 'Cache', 0.1],
  ['wordpress', 'WordPress', 0.6],
  ['publish', 'Address', 0.1],
  ['probe', 'Checked from outside', 0.3],
];
const DEEDS = {
  provision: 'CREATE_SITE',
  remove: 'DELETE_SITE',
  rename: 'RENAME_SITE',
  purge: 'PURGE_CACHE',
  remove_domain: 'REMOVE_DOMAIN',
};
const RECEIPTS = ['rename', 'purge', 'remove_domain'];
const FREE = { amount: '0.0000', currency: 'USD' };
const FAILURE = { title: 'The database did not answer.', detail: 'Everything made so far was taken down again.' };
const PLAN_LIFE_MS = 15 * 60_000;

export const newId = (kind) => `${kind}_${randomUUID().replaceAll('-', '').slice(0, 26)}`;
const slugOf = (name) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
const iso = (ms) => new Date(ms).toISOString();

export class World {
  /** `pace` stretches every step of every operation. */
  constructor({ email = 'ada@example.com', pace = 1 } = {}) {
    this.pace = pace;
    this.user = { id: newId('usr'), email, name: 'Ada' };
    this.role = 'tenant';
    this.office = new Office();
    this.port = 0;
    this.links = new Set();
    this.firebase = null;
    this.sessions = new Set();
    this.adminLinks = new Map();
    this.tenants = [];
    this.operations = new Map();
    this.plans = new Map();
    this.failing = new Set();
    this.undoMs = 900_000;
    this.happenings = [];
    this.seen = new Map();
    this.isTelling = true;
    this.lines = new Map();
    this.brokenLogs = false;
    this.deeds = [];
    this.shared = new Map();
    this.secrets = new Map();
    this.domains = new Map();
    this.access = 'owner';
    this.alerts = [];
    this.alertSettings = { by_mail: true, webhook: null };
  }

  /** Something is wrong with a site, or without one with the machine. */
  addAlert(tenant, over = {}) {
    const text = '12 % of requests failed with an error of the server; from 5 % on, that is too many.';
    const alert = {
      ...{ id: newId('alr'), kind: 'error_rate', title: 'Many errors', text },
      tenant: tenant ? { id: tenant.id, slug: tenant.slug, name: tenant.name } : null,
      ...{ environment: null, state: 'open', value: 12, worst: 40, bound: 5, unit: 'percent' },
      ...{ opened_at: iso(Date.now() - 600_000), closed_at: null, acknowledged: null },
      ...over,
    };
    this.alerts.unshift(alert);
    return alert;
  }

  newLink() {
    const token = randomUUID();
    this.links.add(token);
    return `http://localhost:${this.port}/login#token=${token}`;
  }

  me() {
    const tenants = this.tenants.map(({ id, slug, name }) => ({ id, slug, name, role: 'owner' }));
    return { principal: { kind: 'user', ...this.user, role: this.role }, tenants };
  }

  renameSite(tenant, name) {
    const was = tenant.name;
    tenant.name = name;
    return this.begin('rename', tenant, { name, was });
  }

  /** Undoes a creation by removing the site, a renaming by renaming back; said twice, it is done once. */
  undo(operation) {
    if (operation.undone_by) return this.operations.get(operation.undone_by);
    const { kind, tenant, changed } = operation;
    const undoing = kind === 'rename' ? this.renameSite(tenant, changed.was) : this.begin('remove', tenant);
    operation.undone_by = undoing.id;
    return undoing;
  }

  createSite(name) {
    const tenant = { id: newId('ten'), name, slug: slugOf(name), created_at: iso(Date.now()) };
    this.tenants.unshift(tenant);
    return this.begin('provision', tenant);
  }

  begin(kind, tenant, changed = null) {
    const operation = { id: newId('op'), kind, tenant, changed, name: tenant.name, began: Date.now(), undone_by: null };
    this.operations.set(operation.id, operation);
    this.note(DEEDS[kind], tenant, { ...changed, name: tenant.name, slug: tenant.slug, operation: operation.id });
    if (!RECEIPTS.includes(kind)) tenant.operation = operation;
    return operation;
  }

  /** Adds to what was done, newest first. */
  note(action, { id: subject }, detail = {}) {
    const { id, email } = this.user;
    const number = this.deeds.length + 1;
    const actor = { kind: 'user', id, email };
    const seal = createHash('sha256').update(`${number} ${action}`).digest('hex');
    this.deeds.unshift({ id: newId('aud'), number, at: iso(Date.now()), actor, action, subject, detail, seal });
  }

  sharedWith({ id }) {
    if (!this.shared.has(id)) this.shared.set(id, []);
    return this.shared.get(id);
  }

  secretsOf({ id }) {
    if (!this.secrets.has(id)) this.secrets.set(id, new Map());
    return this.secrets.get(id);
  }

  carryOut({ action, tenant, arguments: told }) {
    return action === 'CREATE_SITE' ? this.createSite(told.name) : this.begin('remove', this.find(tenant.id));
  }

  find(idOrSlug) {
    return this.tenants.find((one) => [one.id, one.slug].includes(idOrSlug) && this.stateOf(one) !== 'removed');
  }

  stateOf(tenant) {
    const { kind, state } = this.showOperation(tenant.operation);
    if (kind === 'remove') return state === 'succeeded' ? 'removed' : 'removing';
    return { succeeded: 'live', failed: 'failed' }[state] ?? 'provisioning';
  }

  urlOf(tenant) {
    return `http://${tenant.slug}.localhost:${this.port}/`;
  }

  showTenant(tenant) {
    const { id, name, slug, created_at } = tenant;
    const state = this.stateOf(tenant);
    const url = state === 'live' ? this.urlOf(tenant) : null;
    const owner = { id: this.user.id, email: this.user.email };
    const environments = [{ id: 'a1b2c3d4e5f6', kind: 'live', state, url }];
    return {
      id,
      name,
      slug,
      owner,
      access: this.access,
      tier: 'basic',
      cloud: 'local',
      moving_to: null,
      state,
      url,
      environments,
      created_at,
    };
  }

  showOperation(operation) {
    const { id, kind, tenant, name, began, undone_by } = operation;
    const steps = RECEIPTS.includes(kind) ? [] : timeline(began, this.pace, this.failing.has(tenant.slug));
    const { state, ended_at } = steps.length ? ending(steps) : { state: 'succeeded', ended_at: iso(began) };
    return {
      id,
      kind,
      tenant: { id: tenant.id, slug: tenant.slug, name },
      state,
      steps,
      result: state === 'succeeded' ? this.resultOf(operation) : null,
      error: state === 'failed' ? FAILURE : null,
      actor: { kind: 'user', id: this.user.id, email: this.user.email },
      undo: state === 'succeeded' && !undone_by ? this.wayBackFrom(operation, ended_at) : null,
      undone_by,
      created_at: iso(began),
      ended_at,
    };
  }

  resultOf({ kind, tenant, changed }) {
    if (kind === 'rename') return { url: null, ...changed };
    return kind === 'provision' ? { url: this.urlOf(tenant), name: null, was: null } : null;
  }

  wayBackFrom({ kind, name, changed }, ended_at) {
    if (kind === 'remove' || kind === 'purge') return null;
    const label = kind === 'rename' ? `Call it “${changed.was}” again` : `Remove “${name}” with everything in it`;
    return { label, until: iso(Date.parse(ended_at) + this.undoMs) };
  }

  planDeletion(tenant) {
    const plan = {
      id: newId('plan'),
      action: 'DELETE_SITE',
      arguments: { tenant: tenant.slug },
      tier: 3,
      title: `Delete ${tenant.name}`,
      state: 'proposed',
      steps: ['Take the site offline', 'Make a last backup', 'Remove database, files and cache'],
      touches: [this.urlOf(tenant), 'Its database and 3 files'],
      price_before: { amount: '5.0000', currency: 'USD' },
      price_after: FREE,
      undo: 'The last backup is kept for 30 days and can be restored.',
      typed_name: tenant.slug,
      expires_at: iso(Date.now() + PLAN_LIFE_MS),
      operation_id: null,
      tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name },
      hash: '',
    };
    return this.keep(plan);
  }

  planCreation({ name, tier }) {
    return this.keep({
      ...this.planDeletion({ id: '', slug: slugOf(name), name }),
      id: newId('plan'),
      action: 'CREATE_SITE',
      arguments: { name, tier },
      tier: 2,
      title: `Create “${name}” on the ${tier} tier`,
      steps: ['Start WordPress'],
      touches: [`A new site at ${slugOf(name)}`],
      price_before: FREE,
      price_after: { amount: '9.0000', currency: 'USD' },
      typed_name: null,
      tenant: null,
    });
  }

  keep(plan) {
    plan.hash = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
    this.plans.set(plan.id, plan);
    return plan;
  }
}

function ending(steps) {
  const failed = steps.find((step) => step.state === 'failed');
  if (failed) return { state: 'failed', ended_at: failed.ended_at };
  const isDone = steps.at(-1).state === 'done';
  return { state: isDone ? 'succeeded' : 'running', ended_at: isDone ? steps.at(-1).ended_at : null };
}

function timeline(began, pace, fails) {
  let at = began;
  let broken = false;
  return STEPS.map(([key, label, seconds], place) => {
    const [starts, ends] = [at, at + seconds * 1000 * pace];
    at = ends;
    const state = broken ? 'waiting' : stepState(starts, ends, fails && place === 1);
    broken ||= state === 'failed';
    const began_at = state === 'waiting' ? null : iso(starts);
    const ended_at = ['done', 'failed'].includes(state) ? iso(ends) : null;
    return { key, label, state, started_at: began_at, ended_at, p50: seconds, p90: seconds * 2 };
  });
}

function stepState(starts, ends, fails) {
  if (Date.now() < starts) return 'waiting';
  if (Date.now() < ends) return 'running';
  return fails ? 'failed' : 'done';
}
