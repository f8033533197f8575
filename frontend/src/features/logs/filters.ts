// What of a log is shown, as the address keeps it, as people choose it, and as the API is asked for it.

import type { Asked, Level } from '@/api/logs';

export type Filters = {
  source?: string;
  level?: string;
  q?: string;
  /** How far back: one of `WINDOWS`. */
  within?: string;
  /** Until when, and from when: what a link to a moment says. */
  since?: string;
  until?: string;
  environment?: string;
  request?: string;
};

export const FILTERS = ['source', 'level', 'q', 'within', 'since', 'until', 'environment', 'request'] as const;
export const USUAL = '1h';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
export const WINDOWS = [
  { value: '15m', label: 'Last 15 minutes', ms: 15 * MINUTE },
  { value: USUAL, label: 'Last hour', ms: 60 * MINUTE },
  { value: '1d', label: 'Last 24 hours', ms: DAY },
  { value: '7d', label: 'Last 7 days', ms: 7 * DAY },
  { value: '30d', label: 'Last 30 days', ms: 30 * DAY },
] as const;

export const SOURCES = [
  { value: '', label: 'All sources' },
  { value: 'access', label: 'Visitors' },
  { value: 'php', label: 'PHP' },
  { value: 'wordpress', label: 'WordPress' },
  { value: 'slow', label: 'Slow queries' },
  { value: 'cron', label: 'Scheduled tasks' },
  { value: 'mail', label: 'Mail' },
  { value: 'platform', label: 'Platform' },
] as const;

export const LEVELS = [
  { value: '', label: 'Every level' },
  { value: 'info', label: 'Without debug' },
  { value: 'warning', label: 'Warnings and worse' },
  { value: 'error', label: 'Errors and worse' },
] as const;

/** What is in the address and means something; the rest is left out. */
export function understood(search: Filters): Filters {
  const { source, level, within, since, until, request } = search;
  return without({
    ...search,
    source: oneOf(SOURCES, source),
    level: oneOf([...LEVELS, { value: 'critical' }], level),
    within: oneOf(WINDOWS, within),
    since: isMoment(since) ? since : undefined,
    until: isMoment(until) ? until : undefined,
    request: /^[\w-]{1,64}$/.test(request ?? '') ? request : undefined,
  });
}

function oneOf(known: readonly { value: string }[], said: string | undefined): string | undefined {
  return known.some(({ value }) => value === said) ? said : undefined;
}

/** The query of the API. All of one request is looked for as far back as the API goes by itself. */
export function askedOf(filters: Filters, now: number): Asked {
  const { source, level, q, environment, request, since, until } = filters;
  return without({
    source: source ? [source] : undefined,
    level: level as Level | undefined,
    q,
    environment,
    request_id: request,
    since: since ?? (request || until ? undefined : new Date(now - windowOf(filters).ms).toISOString()),
    until,
  });
}

export function windowOf({ within = USUAL }: Filters) {
  return WINDOWS.find(({ value }) => value === within) ?? WINDOWS[1];
}

/** Whether a link says of which time it is. */
export function isOfAMoment({ since, until }: Filters): boolean {
  return Boolean(since || until);
}

/** Whether lines that come in now belong to what is shown. */
export function goesOn({ request, until }: Filters): boolean {
  return !request && !until;
}

export function isNarrow({ within: _, ...others }: Filters): boolean {
  return Object.values(others).some(Boolean);
}

export function without<T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as never;
}

function isMoment(text: string | undefined): boolean {
  return text !== undefined && !Number.isNaN(Date.parse(text));
}
