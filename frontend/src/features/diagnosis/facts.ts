// What facts are called, how their values are said, and where their rows stand in the app.

import type { Fact } from '@/api/diagnosis';

const KINDS: Record<Fact['kind'], string> = {
  traffic: 'Requests',
  failures: 'Failed requests',
  slow_requests: 'Slow requests',
  visitor: 'One visitor',
  agent: 'One program',
  logins: 'Sign-ins tried',
  login_failures: 'Failed sign-ins',
  cache: 'Page cache',
  front_page: 'Front page',
  fatal: 'Fatal error',
  memory: 'Out of memory',
  disk_error: 'Could not be written',
  connection_error: 'Refused by the database',
  http_call: 'Another server was asked',
  statement: 'Slow statement',
  table: 'Table',
  cron: 'Late events',
  change: 'Change',
  processor: 'Processor',
  neighbours: 'Other sites',
  disk: 'Disk',
  memory_limit: 'Memory limit',
  connections: 'Database connections',
  certificate: 'Certificate',
  name: 'Host name',
};

export function nameOf(fact: Fact): string {
  return KINDS[fact.kind];
}

/** Every value with its name, as text: "requests 40, failed 12". */
export function valuesOf(fact: Fact): string {
  return Object.entries(fact.values)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
    .join(', ');
}

/** The page of the site that shows a fact's rows, and what to ask it; null where they are on no page. */
export function placeOf(fact: Fact): { page: 'logs' | 'metrics'; search: Record<string, string> } | null {
  const { where, query } = fact.rows;
  return where === 'logs' || where === 'metrics' ? { page: where, search: query } : null;
}

const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });

export function momentOf(time: string): string {
  const at = new Date(time);
  return `${DAY.format(at)}, ${TIME.format(at)}`;
}
