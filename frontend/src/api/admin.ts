// What the admin portal reads. Every key begins with `admin`, so that all of it can be forgotten when somebody is no admin any more.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components } from './api.d.ts';
import { body, client } from './client';
import type { Audit, Sent } from './types';

type Schemas = components['schemas'];

export type Verdict = Sent<Schemas['VerdictRead']>;
export type SecretOfSite = Sent<Schemas['SecretOfSiteRead']>;
export type AuditFilters = { actor?: string; action?: string; subject?: string };

export const ADMIN = 'admin';
export const PAGE = 50;
const LARGEST_PAGE = 200;

/** How lists are paged; what was found last stays in sight while other filters are looked for. */
export const flatPages = {
  initialPageParam: '',
  getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor,
  placeholderData: keepPreviousData,
};

export const verdictQuery = queryOptions({
  queryKey: [ADMIN, 'verdict'],
  queryFn: async () => body(await client.GET('/api/audit/verification')),
});

export const allSecretsQuery = infiniteQueryOptions({
  queryKey: [ADMIN, 'secrets'],
  queryFn: async ({ pageParam }) =>
    body(await client.GET('/api/secrets', { params: { query: { limit: PAGE, ...after(pageParam) } } })),
  ...flatPages,
  select: ({ pages }): SecretOfSite[] => pages.flatMap((page) => page.items),
});

/** Every entry the filters let through, newest first, told page by page how many there are by now. */
export async function wholeAudit(filters: AuditFilters, told: (entries: number) => void): Promise<Audit[]> {
  const entries: Audit[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { items: Audit[]; next_cursor: string | null } = await auditPage(filters, cursor, LARGEST_PAGE);
    entries.push(...page.items);
    told(entries.length);
    cursor = page.next_cursor;
  }
  return entries;
}

async function auditPage(filters: AuditFilters, cursor: string, limit: number) {
  return body(await client.GET('/api/audit', { params: { query: { ...filters, limit, ...after(cursor) } } }));
}

export function after(cursor: string): { cursor?: string } {
  return cursor ? { cursor } : {};
}
