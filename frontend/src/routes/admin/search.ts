// What each admin page understands of its address. Anything else is left out.

import type { AuditFilters } from '@/api/admin';
import type { SiteFilters } from '@/api/adminSites';
import type { UserFilters } from '@/api/people';
import { textOf } from '@/lib/address';

type Search = Record<string, unknown>;

export function auditFilters(search: Search): AuditFilters {
  return textOf(search, 'actor', 'action', 'subject');
}

export function userFilters(search: Search): UserFilters {
  const { q, role, state } = textOf(search, 'q', 'role', 'state');
  return {
    ...(q !== undefined && { q }),
    ...((role === 'tenant' || role === 'admin') && { role }),
    ...((state === 'active' || state === 'suspended') && { state }),
  };
}

const SITE_STATES: readonly string[] = ['provisioning', 'live', 'failed', 'removing'];

export function siteFilters(search: Search): SiteFilters {
  const { q, owner, state } = textOf(search, 'q', 'owner', 'state');
  return {
    ...(q !== undefined && { q }),
    ...(owner !== undefined && { owner }),
    ...(state !== undefined && SITE_STATES.includes(state) && { state: state as NonNullable<SiteFilters['state']> }),
  };
}

export function withoutEmpty<Filters extends object>(filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as Filters;
}
