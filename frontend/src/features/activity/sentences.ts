// Entries of the audit log as sentences: who, what, and where the site's name belongs.

import type { Audit } from '@/api/types';
import { cloudCalled } from '@/lib/clouds';

/** `site`: what to call the site if it is not there any more; null when the sentence is about none. */
export type Sentence = { before: string; site: string | null; after: string };

type Detail = Record<string, string>;
type Say = (detail: Detail) => Sentence;

/** Said of a site whose name the entry does not hold. */
export const gone = 'a site that is gone';

function about(before: string, after = ''): Say {
  return (detail) => ({ before, site: detail.name ?? detail.slug ?? gone, after });
}

function plainly(say: (detail: Detail) => string): Say {
  return (detail) => ({ before: say(detail), site: null, after: '' });
}

function moved(before: string, name: string | undefined, to: string | undefined): Sentence {
  return { before, site: name ?? gone, after: `to ${cloudCalled(to)}` };
}

const SENTENCES: Record<string, Say> = {
  CREATE_SITE: about('created'),
  RENAME_SITE: ({ name, was }) => ({ before: was ? `renamed “${was}” to` : 'renamed', site: name ?? gone, after: '' }),
  DELETE_SITE: about('deleted'),
  MOVE_SITE: ({ name, to_cloud }) => moved('began to move', name, to_cloud),
  SITE_MOVED: ({ name, to_cloud }) => moved('moved', name, to_cloud),
  CHANGE_TIER: ({ name, tier }) => ({ before: 'changed', site: name ?? gone, after: `to ${tier}` }),
  OPEN_ADMIN: about('opened WP Admin of'),
  UNDO: about('undid what was done to'),
  SHARE_SITE: ({ email }) => ({ before: 'shared', site: gone, after: `with ${email}` }),
  UNSHARE_SITE: ({ email }) => ({ before: 'stopped sharing', site: gone, after: `with ${email}` }),
  SET_SECRET: ({ name }) => ({ before: `set ${name} of`, site: gone, after: '' }),
  DELETE_SECRET: ({ name }) => ({ before: `removed ${name} of`, site: gone, after: '' }),
  PURGE_CACHE: about('cleared the cache of'),
  ADD_DOMAIN: ({ domain, name }) => ({ before: `added ${domain} to`, site: name ?? gone, after: '' }),
  REMOVE_DOMAIN: ({ domain, name }) => ({ before: `removed ${domain} from`, site: name ?? gone, after: '' }),
  SET_BUDGET: ({ amount, currency }) => ({
    before: 'set the budget of',
    site: gone,
    after: `to ${amount} ${currency}`,
  }),
  DELETE_BUDGET: about('took away the budget of'),
  ACKNOWLEDGE_ALERT: about('saw an alert of'),
  SET_ALERT_SETTINGS: plainly(() => 'changed how to hear of alerts'),
  RENAME_THREAD: plainly(() => 'renamed a conversation'),
  SHARE_THREAD: plainly(() => 'made a link to a conversation'),
  UNSHARE_THREAD: plainly(() => 'ended the link to a conversation'),
  DELETE_THREAD: plainly(() => 'deleted a conversation'),
  PLAN_PROPOSED: plainly(({ planned }) => `asked for a plan to ${deed(planned)}`),
  PLAN_CONFIRMED: plainly(({ planned }) => `confirmed the plan to ${deed(planned)}`),
  PLAN_WITHDRAWN: plainly(() => 'cancelled a plan'),
  SIGN_IN: plainly(({ by }) => (by ? `signed in by ${by}` : 'signed in')),
  MAKE_ADMIN_LINK: plainly(() => 'made a sign-in link for the administrator'),
  MAKE_TOKEN: plainly(() => 'made a token for scripts'),
  SIGN_OUT: plainly(() => 'signed out'),
  CREATE_USER: plainly(({ email }) => `added ${email ?? 'somebody'}`),
  CHANGE_USER: plainly(({ email }) => `changed ${email ?? 'somebody'}`),
  DELETE_USER: plainly(({ email }) => `removed ${email ?? 'somebody'}`),
};

export function sentenceFor({ action, detail }: Pick<Audit, 'action' | 'detail'>): Sentence {
  return (SENTENCES[action] ?? plainly(() => inWords(action)))(detail);
}

/** Who did it, as the reader would say it. */
export function whoDid({ kind, id, email }: Audit['actor'], me: string | undefined): string {
  const person = id === me ? 'You' : email || 'Somebody';
  if (kind === 'user') return person;
  if (kind === 'agent') return id === me ? 'AIPress, for you,' : `AIPress, for ${email},`;
  return kind === 'operator' ? 'The operator' : 'AIPress';
}

/** `DELETE_SITE` gives “delete a site”. */
function deed(action: string | undefined): string {
  return action ? inWords(action).replace(/^(\w+) site$/, '$1 a site') : 'do something';
}

function inWords(action: string): string {
  return action.toLowerCase().replaceAll('_', ' ');
}

/** Actions one may look for, with what they are called. */
export const ACTIONS: [string, string][] = [
  ['CREATE_SITE', 'Created'],
  ['RENAME_SITE', 'Renamed'],
  ['DELETE_SITE', 'Deleted'],
  ['SHARE_SITE', 'Shared'],
  ['OPEN_ADMIN', 'WP Admin opened'],
  ['UNDO', 'Undone'],
  ['SHARE_THREAD', 'Conversations shared'],
  ['PLAN_CONFIRMED', 'Plans confirmed'],
  ['SIGN_IN', 'Signed in'],
];
