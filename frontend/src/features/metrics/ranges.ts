// How far back one looks, as it stands in the address bar.

import type { MetricsWindow } from '@/api/metrics';

export const RANGES = [
  ['1h', '1 hour', 60],
  ['24h', '24 hours', 24 * 60],
  ['7d', '7 days', 7 * 24 * 60],
  ['30d', '30 days', 30 * 24 * 60],
  ['400d', '400 days', 400 * 24 * 60],
] as const;

export type Range = (typeof RANGES)[number][0];
export type Looking = { range?: string; since?: string; until?: string; metric?: string };

/** From when until when a link says, or the last hours and days; a day where nothing is said. */
export function windowOf({ range, since, until }: Looking): MetricsWindow {
  if (since && until && Date.parse(since) < Date.parse(until)) return { since, until };
  return { minutes: RANGES.find(([key]) => key === range)?.[2] ?? 24 * 60 };
}

export function rangeOf(looking: Looking): Range | null {
  if ('since' in windowOf(looking)) return null;
  return RANGES.find(([key]) => key === looking.range)?.[0] ?? '24h';
}
