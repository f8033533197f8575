// States and sizes of sites, as an admin says them.

import type { Tenant, TenantState } from '@/api/types';
import type { Tone } from '@/ui/Status';

export const SITE_STATES: Record<TenantState, { tone: Tone; word: string }> = {
  provisioning: { tone: 'busy', word: 'Being created' },
  live: { tone: 'good', word: 'Live' },
  failed: { tone: 'bad', word: 'Did not work' },
  removing: { tone: 'busy', word: 'Being deleted' },
  removed: { tone: 'off', word: 'Deleted' },
};

export const TIERS: Record<Tenant['tier'], string> = {
  basic: 'Basic',
  standard: 'Standard',
  performance: 'Performance',
};
