// Why a site is slow or broken, as the control plane found it. Only what shows a diagnosis reads it.

import { queryOptions } from '@tanstack/react-query';
import type { components } from './api.d.ts';
import { body, client } from './client';
import type { Sent } from './types';

type Schemas = components['schemas'];

export type Diagnosis = Sent<Schemas['DiagnosisRead']>;
export type Finding = Sent<Schemas['FindingRead']>;
export type Claim = Sent<Schemas['ClaimRead']>;
export type Fact = Sent<Schemas['FactRead']>;

/** The time that was looked at; without it, the last hour. */
export type Looked = { since: string; until: string; environment: string };

export const diagnosisQuery = (tenant: string, looked?: Looked) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'diagnosis', looked ?? 'now'],
    queryFn: async () =>
      body(
        await client.GET('/api/tenants/{tenant}/diagnosis', {
          params: { path: { tenant }, ...(looked && { query: looked }) },
        }),
      ),
  });
