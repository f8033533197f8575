// The control plane's resources by name. Their shapes are generated from its OpenAPI document (`npm run api`), never written here.

import type { components } from './api.d.ts';

type Schemas = components['schemas'];

/** A resource as it is sent. What has a default in the schema may be left out by a caller, but never is by the server. */
export type Sent<T> = T extends (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Sent<Exclude<T[Key], undefined>> }
    : T;

export type Me = Sent<Schemas['Me']>;
export type Tenant = Sent<Schemas['TenantRead']>;
export type TenantState = Tenant['state'];
export type Tier = Sent<Schemas['TierRead']>;
export type Member = Sent<Schemas['MemberRead']>;
export type Secret = Sent<Schemas['SecretRead']>;
export type Domain = Sent<Schemas['DomainRead']>;
export type Operation = Sent<Schemas['OperationRead']>;
export type Plan = Sent<Schemas['PlanRead']>;
export type Audit = Sent<Schemas['AuditRead']>;
export type SharedThread = Sent<Schemas['SharedThread']>;
export type Action = Sent<Schemas['ActionRead']>;
export type PlanState = Plan['state'];
export type SignInWays = Sent<Schemas['ProvidersRead']>;
export type FirebaseSettings = NonNullable<SignInWays['firebase']>;

export type Page<T> = { items: T[]; next_cursor: string | null };
