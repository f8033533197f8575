// What one might say next, taken from how the person's sites really are. Nothing here is invented: no site, no suggestion about it.

import type { Audit, Operation, Tenant } from '@/api/types';

/** A beginning is put into the composer to be finished; the rest is said as it stands. */
export type Suggestion = { label: string; text: string; isBeginning?: boolean };

/** What is known; `opened` is null when it isn't known for sure whose admin was never opened. */
export type Known = { sites: Tenant[]; operations: Operation[]; opened: Set<string> | null };

const MOST = 4;
const FIRST: Suggestion[] = ['my bakery', 'my restaurant', 'my photography'].map(creation);
const HELP = say('What can you do?');

export function suggestionsFrom({ sites, operations, opened }: Known): Suggestion[] {
  if (sites.length === 0) return [...FIRST, HELP];
  const newest = sites.find((site) => site.state === 'live');
  const unopened =
    opened && sites.find((site) => site.state === 'live' && site.access === 'owner' && !opened.has(site.id));
  const found = [
    ...sites.filter((site) => site.state === 'failed').map(clearAway),
    ...sites.filter((site) => site.state === 'provisioning').map(howFar),
    ...undoing(operations),
    ...(unopened ? [open(unopened)] : []),
    ...(newest ? [show(newest)] : []),
    ...(sites.length > 1 ? [say('Show my sites')] : []),
    { label: 'Create a site for…', text: 'Create a site for ', isBeginning: true },
    HELP,
  ];
  return found.slice(0, MOST);
}

/** The sites whose admin somebody opened, if the log was read to its beginning. */
export function openedIn(entries: Audit[], isAll: boolean): Set<string> | null {
  return isAll ? new Set(entries.map(({ subject }) => subject)) : null;
}

function undoing(operations: Operation[]): Suggestion[] {
  const last = operations[0];
  if (last?.kind !== 'rename' || !last.undo) return [];
  return [{ label: `Undo: ${last.undo.label}`, text: 'Undo that' }];
}

function clearAway({ name, slug }: Tenant): Suggestion {
  return { label: `Delete ${name}, which did not work`, text: `Delete the site ${slug}` };
}

function howFar({ name, slug }: Tenant): Suggestion {
  return { label: `How far is ${name}?`, text: `Show the site ${slug}` };
}

function open({ name, slug }: Tenant): Suggestion {
  return { label: `Open WP Admin of ${name}`, text: `Open the admin of ${slug}` };
}

function show({ name, slug }: Tenant): Suggestion {
  return { label: `How is ${name}?`, text: `Show the site ${slug}` };
}

function creation(what: string): Suggestion {
  return say(`Create a site for ${what}`);
}

function say(text: string): Suggestion {
  return { label: text, text };
}
