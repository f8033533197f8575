// A site's environment variables. Values go to the control plane and never come back.

import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { Secret } from './types';

export const secretsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['secrets', tenant],
    queryFn: async () =>
      body(await client.GET('/api/tenants/{tenant}/secrets', { params: { path: { tenant }, query: { limit: 200 } } }))
        .items,
  });

export async function setSecret(tenant: string, name: string, value: string): Promise<Secret> {
  const params = { path: { tenant, name } };
  return body(await client.PUT('/api/tenants/{tenant}/secrets/{name}', { params, body: { value } }));
}

export async function removeSecret(tenant: string, name: string): Promise<void> {
  await client.DELETE('/api/tenants/{tenant}/secrets/{name}', { params: { path: { tenant, name } } });
}
