// What the pages of sites read and ask for, beyond what every card needs (queries, commands).

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import { ApiProblem } from './problem';
import { tenantQuery } from './queries';
import type { Audit, Operation, Plan, Tenant } from './types';

type Tier = Tenant['tier'];

/** Starts making a site; a tier that costs money goes through a plan instead. */
export async function createSite(name: string, tier: Tier): Promise<Operation> {
  return body(await client.POST('/api/tenants', { body: { name, tier } }));
}

export async function proposePlan(action: string, args: Record<string, string>): Promise<Plan> {
  return body(await client.POST('/api/plans', { body: { action, arguments: args } }));
}

export type Renamed = { site: Tenant; operation: string | null };

/** The new name, and the operation that stands for it: the one that can be undone. */
export async function renameSite(tenant: string, name: string): Promise<Renamed> {
  const answer = await client.PATCH('/api/tenants/{tenant}', { params: { path: { tenant } }, body: { name } });
  return { site: body(answer), operation: answer.response.headers.get('AIPress-Operation') };
}

/** Lets the edge forget the site's kept pages; the receipt. */
export async function purgeCache(tenant: string): Promise<Operation> {
  return body(await client.DELETE('/api/tenants/{tenant}/cache', { params: { path: { tenant } } }));
}

/** The sites whose name or address has these letters in it. */
export const sitesFoundQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['tenants', q],
    queryFn: async ({ pageParam }) => {
      const query = { q, limit: 50, ...(pageParam && { cursor: pageParam }) };
      return body(await client.GET('/api/tenants', { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }): Tenant[] => pages.flatMap((page) => page.items),
    placeholderData: keepPreviousData,
  });

/** The sizes a site comes in, cheapest first. */
export const tiersQuery = queryOptions({
  queryKey: ['tiers'],
  queryFn: async () => body(await client.GET('/api/tiers')).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** The latest of what was done to one site, newest first. */
export const siteOperationsQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['operations', tenantId],
    queryFn: async () =>
      body(await client.GET('/api/operations', { params: { query: { tenant: tenantId, limit: 10 } } })).items,
  });

/** The latest operations, of one site or of all: as far back as anything can still be undone, and then some. */
export const latestOperationsQuery = (tenantId?: string) =>
  queryOptions({
    queryKey: ['operations', 'latest', tenantId],
    queryFn: async () => {
      const query = { limit: 100, ...(tenantId && { tenant: tenantId }) };
      return body(await client.GET('/api/operations', { params: { query } })).items;
    },
  });

/** The id of the site with this address: of one that is there, or else of the last that was removed; null for none. */
export const idOfSiteQuery = (slug: string) =>
  queryOptions({
    queryKey: ['id-of-site', slug],
    queryFn: async ({ client: queryClient }) => {
      const found = await queryClient.ensureQueryData(tenantQuery(slug)).catch(nullIfMissing);
      return found?.id ?? (await queryClient.ensureQueryData(removalQuery(slug)))?.tenant.id ?? null;
    },
  });

/** What removed the site that had this address last; null when nothing did that the caller may see. */
export const removalQuery = (slug: string) =>
  queryOptions({
    queryKey: ['operations', 'removal', slug],
    queryFn: async () => {
      const query = { kind: 'remove' as const, limit: 50 };
      const { items } = body(await client.GET('/api/operations', { params: { query } }));
      return items.find((one) => one.tenant.slug === slug) ?? null;
    },
  });

export type Sought = { actor?: string | undefined; action?: string | undefined; subject?: string | undefined };

/** What was done, newest first, a page at a time. */
export const auditQuery = (sought: Sought, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['audit', sought, limit],
    queryFn: async ({ pageParam }) => {
      const query = { ...wanted(sought), limit, ...(pageParam && { cursor: pageParam }) };
      return body(await client.GET('/api/audit', { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }): Audit[] => pages.flatMap((page) => page.items),
  });

function wanted(sought: Sought): Record<string, string> {
  return Object.fromEntries(Object.entries(sought).filter((one): one is [string, string] => Boolean(one[1])));
}

function nullIfMissing(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null;
  throw error;
}
