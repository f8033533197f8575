// Sites as admins read them: everybody's, with who has a part in each.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ADMIN, after, flatPages, PAGE } from './admin';
import type { components } from './api.d.ts';
import { body, client } from './client';
import type { Sent, Tenant, TenantState } from './types';

type Schemas = components['schemas'];

export type SiteFilters = { q?: string; owner?: string; state?: TenantState };
export type Member = Sent<Schemas['MemberRead']>;

const LARGEST_PAGE = 200;

export const allSitesQuery = (filters: SiteFilters) =>
  infiniteQueryOptions({
    queryKey: [ADMIN, 'sites', filters],
    queryFn: async ({ pageParam }) =>
      body(await client.GET('/api/tenants', { params: { query: { ...filters, limit: PAGE, ...after(pageParam) } } })),
    ...flatPages,
    select: ({ pages }): Tenant[] => pages.flatMap((page) => page.items),
  });

export const siteQuery = (site: string) =>
  queryOptions({
    queryKey: [ADMIN, 'site', site],
    queryFn: async () => body(await client.GET('/api/tenants/{tenant}', { params: { path: { tenant: site } } })),
  });

/** The owner first. */
export const membersQuery = (site: string) =>
  infiniteQueryOptions({
    queryKey: [ADMIN, 'members', site],
    queryFn: async ({ pageParam }) => {
      const query = { limit: LARGEST_PAGE, ...after(pageParam) };
      return body(await client.GET('/api/tenants/{tenant}/members', { params: { path: { tenant: site }, query } }));
    },
    ...flatPages,
    select: ({ pages }): Member[] => pages.flatMap((page) => page.items),
  });
