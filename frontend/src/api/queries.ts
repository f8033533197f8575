// What the app reads, as TanStack Query options: one name per resource, so that every card and page shows the same thing.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listThreads } from './chat/listThreads';
import { body, client } from './client';
import { pollMs } from './live';
import type { Tenant } from './types';

export const tenantsQuery = infiniteQueryOptions({
  queryKey: ['tenants'],
  queryFn: async ({ pageParam }) =>
    body(
      await client.GET('/api/tenants', { params: { query: { limit: 50, ...(pageParam && { cursor: pageParam }) } } }),
    ),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
  select: ({ pages }) => pages.flatMap((page) => page.items),
  refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some(isChanging)) ? pollMs() : false),
});

export const tenantQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant],
    queryFn: async () => body(await client.GET('/api/tenants/{tenant}', { params: { path: { tenant } } })),
    refetchInterval: ({ state }) => (state.data && isChanging(state.data) ? pollMs() : false),
  });

export const operationQuery = (operation: string) =>
  queryOptions({
    queryKey: ['operation', operation],
    queryFn: async () =>
      body(await client.GET('/api/operations/{operation_id}', { params: { path: { operation_id: operation } } })),
  });

/** What this user, or an agent of theirs, has under way, newest first. */
export const underWayQuery = (actor: string) =>
  queryOptions({
    queryKey: ['operations', 'under-way', actor],
    queryFn: async () => {
      const query = { state: 'running' as const, actor, limit: 5 };
      return body(await client.GET('/api/operations', { params: { query } })).items;
    },
  });

export const planQuery = (plan: string) =>
  queryOptions({
    queryKey: ['plan', plan],
    queryFn: async () => body(await client.GET('/api/plans/{plan_id}', { params: { path: { plan_id: plan } } })),
  });

/** The registry does not change while an app is open. */
export const actionsQuery = queryOptions({
  queryKey: ['actions'],
  queryFn: async () => body(await client.GET('/api/actions')).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const threadsQuery = queryOptions({ queryKey: ['threads'], queryFn: listThreads });

function isChanging({ state }: Tenant): boolean {
  return state === 'provisioning' || state === 'removing';
}
