// How the platform is, for those who look after it.

import { queryOptions } from '@tanstack/react-query';
import { ADMIN } from './admin';
import type { components } from './api.d.ts';
import { body, client } from './client';
import { problemFrom, unreachable } from './problem';
import type { Sent } from './types';

type Schemas = components['schemas'];

export type Overview = Sent<Schemas['OverviewRead']>;
export type Runtime = Sent<Schemas['RuntimeRead']>;
export type Health = Sent<Schemas['Health']>;

const POLL_MS = 15_000;

export const overviewQuery = queryOptions({
  queryKey: [ADMIN, 'overview'],
  queryFn: async () => body(await client.GET('/api/health/overview')),
  refetchInterval: POLL_MS,
});

/** What is not ready answers 503 with the same report, which is just what was asked for. */
export const readyQuery = queryOptions({
  queryKey: [ADMIN, 'ready'],
  queryFn: async (): Promise<Health> => {
    const response = await fetch('/api/health/ready').catch(() => Promise.reject(unreachable()));
    if (isReport(response)) return (await response.json()) as Health;
    throw await problemFrom(response);
  },
  refetchInterval: POLL_MS,
});

/** Anything else with a 503 is a problem, or the edge speaking for a control plane that is not there. */
function isReport({ status, headers }: Response): boolean {
  return [200, 503].includes(status) && /^application\/json\b/.test(headers.get('Content-Type') ?? '');
}
