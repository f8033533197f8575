// A site's own domains. What became of one is told as a change of its site, so these are read again with it.

import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { Domain } from './types';

export const domainsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'domains'],
    queryFn: async () =>
      body(await client.GET('/api/tenants/{tenant}/domains', { params: { path: { tenant }, query: { limit: 200 } } }))
        .items,
  });

export async function addDomain(tenant: string, domain: string): Promise<Domain> {
  return body(await client.POST('/api/tenants/{tenant}/domains', { params: { path: { tenant } }, body: { domain } }));
}

/** Looks for its records now; when this is over, that is done. */
export async function checkDomain(tenant: string, domain: string): Promise<void> {
  await client.POST('/api/tenants/{tenant}/domains/{domain}/verification', { params: { path: { tenant, domain } } });
}

export async function removeDomain(tenant: string, domain: string): Promise<void> {
  await client.DELETE('/api/tenants/{tenant}/domains/{domain}', { params: { path: { tenant, domain } } });
}
