// Entries of the audit log as sentences an admin reads: who, what, to whom, with what came of it.

import type { Audit } from '@/api/types';
import { cloudCalled } from '@/lib/clouds';

type Detail = Record<string, string>;
type Say = (detail: Detail) => string;

/** Each action, what it is called in a list of choices, and how it reads after a name. */
const DEEDS: Record<string, [name: string, say: Say]> = {
  SIGN_IN: ['Sign-ins', ({ by }) => `signed in${by ? ` by ${by}` : ''}`],
  SIGN_OUT: ['Sign-outs', () => 'signed out'],
  MAKE_ADMIN_LINK: ['Admin links made', () => 'made a link that signs the admin in'],
  MAKE_TOKEN: ['Tokens made', ({ email }) => `made a token for ${email ?? 'somebody'}`],
  CREATE_USER: ['Users added', ({ email, role }) => `added ${email}${role ? ` as ${A_ROLE[role] ?? role}` : ''}`],
  CHANGE_USER: ['Users changed', changed],
  END_SESSIONS: ['Sessions ended', ({ email }) => `signed ${email ?? 'somebody'} out everywhere`],
  DELETE_USER: ['Users deleted', ({ email }) => `deleted ${email}`],
  CREATE_SITE: ['Sites created', ({ name, slug }) => `created the site ${quoted(name ?? slug)}`],
  RENAME_SITE: ['Sites renamed', ({ name, was }) => `renamed the site ${quoted(was)} to ${quoted(name)}`],
  PURGE_CACHE: ['Caches cleared', ({ name, path }) => `cleared the cache of ${quoted(name)}${path ? `, ${path}` : ''}`],
  DELETE_SITE: ['Sites deleted', ({ slug, name }) => `deleted the site ${quoted(name ?? slug)}`],
  MOVE_SITE: ['Moves begun', ({ name, to_cloud }) => `had ${quoted(name)} moved to ${cloudCalled(to_cloud)}`],
  SITE_MOVED: ['Sites moved', ({ name, to_cloud }) => `moved ${quoted(name)} to ${cloudCalled(to_cloud)}`],
  ADD_DOMAIN: ['Domains added', ({ name, domain }) => `added ${domain} to ${quoted(name)}`],
  REMOVE_DOMAIN: ['Domains removed', ({ name, domain }) => `removed ${domain} from ${quoted(name)}`],
  OPEN_ADMIN: ['WP Admin opened', () => 'opened WP Admin of a site'],
  UNDO: ['Undone', () => 'undid what was done to a site'],
  SHARE_SITE: ['Sites shared', ({ email }) => `shared a site with ${email || 'somebody'}`],
  UNSHARE_SITE: ['Shares ended', ({ email }) => `ended ${email || 'somebody'}’s part in a site`],
  SET_SECRET: ['Secrets set', ({ name, version }) => `set the secret ${name}${version ? `, version ${version}` : ''}`],
  DELETE_SECRET: ['Secrets removed', ({ name }) => `removed the secret ${name}`],
  SET_BUDGET: ['Budgets set', ({ amount, currency }) => `set a site’s budget to ${amount} ${currency}`],
  DELETE_BUDGET: ['Budgets removed', () => 'removed a site’s budget'],
  ACKNOWLEDGE_ALERT: ['Alerts seen', () => 'has seen an alert'],
  SET_ALERT_SETTINGS: ['Alert settings', () => 'changed how they hear of alerts'],
  PLAN_PROPOSED: ['Plans proposed', ({ planned }) => `asked for a plan to ${inWords(planned)}`],
  PLAN_CONFIRMED: ['Plans confirmed', ({ planned }) => `confirmed a plan to ${inWords(planned)}`],
  PLAN_WITHDRAWN: ['Plans withdrawn', () => 'withdrew a plan'],
};
const A_ROLE: Record<string, string> = { admin: 'an admin', tenant: 'a tenant' };

export const ACTIONS = Object.entries(DEEDS).map(([action, [name]]) => [action, name] as const);

/** What was done, to be read after the name of who did it. */
export function deedInWords({ action, detail }: Pick<Audit, 'action' | 'detail'>): string {
  const say = DEEDS[action]?.[1];
  return say ? say(detail) : inWords(action);
}

export function whoDid({ kind, email }: Audit['actor']): string {
  if (kind === 'operator') return 'The operator';
  const person = email || 'Somebody';
  return kind === 'agent' ? `The assistant, for ${person},` : person;
}

function changed({ email = 'somebody', name, role, state }: Detail): string {
  const parts = [
    role && `made ${email} ${A_ROLE[role] ?? role}`,
    state && (state === 'suspended' ? `suspended ${email}` : `reactivated ${email}`),
    name && `renamed ${email} to ${quoted(name)}`,
  ].filter(Boolean);
  return parts.join(' and ') || `changed ${email}`;
}

function quoted(text: string | undefined): string {
  return text ? `“${text}”` : 'that is gone';
}

function inWords(action: string | undefined): string {
  return action ? action.toLowerCase().replaceAll('_', ' ') : 'do something';
}
