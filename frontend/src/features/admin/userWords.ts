// Roles and states of people, as they are said.

import type { Role, UserState } from '@/api/people';
import type { Tone } from '@/ui/Status';

export const ROLES: Record<Role, { name: string; may: string }> = {
  tenant: { name: 'Tenant', may: 'Makes and runs their own sites, and those shared with them.' },
  admin: { name: 'Admin', may: 'Sees every site, and decides who may come in.' },
};
export const ROLE_NAMES = [
  { value: 'tenant', label: ROLES.tenant.name },
  { value: 'admin', label: ROLES.admin.name },
] as const;

export const USER_STATES: Record<UserState, { tone: Tone; word: string }> = {
  active: { tone: 'good', word: 'Active' },
  suspended: { tone: 'bad', word: 'Suspended' },
};
