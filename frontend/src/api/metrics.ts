// What a site did and used over time. Only the page of metrics reads it.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components } from './api.d.ts';
import { body, client } from './client';
import type { Sent } from './types';

type Schemas = components['schemas'];

export type Metrics = Sent<Schemas['MetricsRead']>;
export type Metric = Metrics['items'][number];

/** A window: the last so many minutes, or from when until when (RFC 3339). */
export type MetricsWindow = { minutes: number } | { since: string; until: string };

const AGAIN = 20_000;

export const metricsQuery = (tenant: string, window: MetricsWindow) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'metrics', window],
    queryFn: async () =>
      body(await client.GET('/api/tenants/{tenant}/metrics', { params: { path: { tenant }, query: asked(window) } })),
    refetchInterval: AGAIN,
    placeholderData: keepPreviousData,
  });

function asked(window: MetricsWindow) {
  if ('since' in window) return window;
  return { since: new Date(Date.now() - window.minutes * 60_000).toISOString() };
}
