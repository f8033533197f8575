// How numbers, money, time and addresses are written for people.

export type Money = { amount: string; currency: string };

/** Milliseconds between two RFC 3339 times; up to now when the second is missing. */
export function elapsed(from: string | null, to: string | null, now = Date.now()): number {
  if (!from) return 0;
  return Math.max(0, (to ? Date.parse(to) : now) - Date.parse(from));
}

export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`;
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

export function usually(seconds: number | null): string {
  return seconds === null ? '' : `usually ${duration(seconds * 1000)}`;
}

/** Monthly price. Amounts are decimal strings with four places; people see cents. */
export function monthly({ amount, currency }: Money): string {
  const value = new Intl.NumberFormat('en', { style: 'currency', currency }).format(Number(amount));
  return `${value} / month`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function ago(time: string, now = Date.now()): string {
  const past = now - Date.parse(time);
  if (past < MINUTE) return 'just now';
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  return new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' }).format(new Date(time));
}

export function remaining(until: string, now = Date.now()): string {
  const left = Date.parse(until) - now;
  if (left <= 0) return 'expired';
  if (left < MINUTE) return 'less than a minute';
  return left <= 2 * HOUR ? `${Math.ceil(left / MINUTE)} min` : `${Math.round(left / HOUR)} h`;
}

/** Web address as people say it: host and port, and the path if there is one. */
export function readableAddress(url: string): string {
  const parsed = webAddress(url);
  return parsed ? `${parsed.host}${parsed.pathname.replace(/\/$/, '')}` : url;
}

/** The address if it is one a browser may safely be sent to, otherwise null. */
export function webAddress(url: string | undefined): URL | null {
  try {
    const parsed = new URL(url ?? '');
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed : null;
  } catch {
    return null;
  }
}
