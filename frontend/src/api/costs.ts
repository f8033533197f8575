// What sites cost, as the control plane counted it. Only the pages of costs read it.

import { queryOptions } from '@tanstack/react-query';
import type { components } from './api.d.ts';
import { body, client } from './client';
import type { Sent } from './types';

type Schemas = components['schemas'];

export type Bill = Sent<Schemas['BillRead']>;
export type PlatformBill = Sent<Schemas['PlatformBillRead']>;
export type PlatformCosts = Sent<Schemas['PlatformBillingRead']>;
export type Budget = Sent<Schemas['BudgetRead']>;

export const siteCostsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'billing'],
    queryFn: async () => body(await client.GET('/api/tenants/{tenant}/billing', { params: { path: { tenant } } })),
  });

export type Advice = Sent<Schemas['AdviceRead']>;
export type AdviceItem = Advice['items'][number];
export type PlatformAdvice = Sent<Schemas['PlatformAdviceRead']>;

export const adviceQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'advice'],
    queryFn: async () =>
      body(await client.GET('/api/tenants/{tenant}/billing/advice', { params: { path: { tenant } } })),
  });

export const platformAdviceQuery = queryOptions({
  queryKey: ['admin', 'advice'],
  queryFn: async () => body(await client.GET('/api/billing/advice')),
});

export const platformCostsQuery = queryOptions({
  queryKey: ['admin', 'billing'],
  queryFn: async () => body(await client.GET('/api/billing')),
});

export type BudgetWish = { amount: string; currency: string; thresholds: number[] };

export async function setBudget(tenant: string, wish: BudgetWish): Promise<void> {
  await client.PUT('/api/tenants/{tenant}/budget', { params: { path: { tenant } }, body: wish });
}

export async function removeBudget(tenant: string): Promise<void> {
  await client.DELETE('/api/tenants/{tenant}/budget', { params: { path: { tenant } } });
}
