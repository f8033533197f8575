// Whom a site is shared with.

import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { Member } from './types';

export const membersQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['members', tenant],
    queryFn: async () =>
      body(
        await client.GET('/api/tenants/{tenant}/members', {
          params: { path: { tenant }, query: { limit: 200 } },
        }),
      ).items,
  });

/** Shares the site; whoever is unknown here becomes a user, and is told by mail. */
export async function addMember(tenant: string, email: string): Promise<Member> {
  return body(await client.POST('/api/tenants/{tenant}/members', { params: { path: { tenant } }, body: { email } }));
}

/** Takes somebody off the site, or leaves it when that is the caller. */
export async function removeMember(tenant: string, user: string): Promise<void> {
  await client.DELETE('/api/tenants/{tenant}/members/{user_id}', { params: { path: { tenant, user_id: user } } });
}
