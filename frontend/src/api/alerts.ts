// What is or was wrong, and how an admin hears of it.

import { queryOptions } from '@tanstack/react-query';
import type { components } from './api.d.ts';
import { body, client } from './client';
import type { Sent } from './types';

type Schemas = components['schemas'];

export type Alert = Sent<Schemas['AlertRead']>;
export type AlertSettings = Sent<Schemas['AlertSettingsRead']>;
export type AlertSettingsWish = Schemas['AlertSettingsWrite'];

export const siteAlertsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['alerts', tenant],
    queryFn: async () => {
      const params = { path: { tenant }, query: { limit: 10 } };
      return body(await client.GET('/api/tenants/{tenant}/alerts', { params })).items;
    },
  });

export const openAlertsQuery = queryOptions({
  queryKey: ['alerts', 'open'],
  queryFn: async () =>
    body(await client.GET('/api/alerts', { params: { query: { state: 'open' as const, limit: 100 } } })).items,
});

export const alertSettingsQuery = queryOptions({
  queryKey: ['alert-settings'],
  queryFn: async () => body(await client.GET('/api/alert-settings')),
});

export async function acknowledgeAlert(id: string): Promise<void> {
  await client.PUT('/api/alerts/{alert_id}/acknowledgement', { params: { path: { alert_id: id } } });
}

export async function setAlertSettings(wish: AlertSettingsWish): Promise<void> {
  await client.PUT('/api/alert-settings', { body: wish });
}
