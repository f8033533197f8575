// The state of a site as people say it: a word for lists, a sentence for its own page.

import type { Tenant, TenantState } from '@/api/types';
import { ago } from '@/lib/format';
import type { Tone } from '@/ui/Status';

export const SITE_STATES: Record<TenantState, { tone: Tone; word: string }> = {
  provisioning: { tone: 'busy', word: 'Being created' },
  live: { tone: 'good', word: 'Live' },
  failed: { tone: 'bad', word: 'Did not work' },
  removing: { tone: 'busy', word: 'Being deleted' },
  removed: { tone: 'off', word: 'Deleted' },
};

/** What is so, and what can be done about it. */
export function stateInWords({ state, created_at }: Tenant): string {
  switch (state) {
    case 'provisioning':
      return 'It is being made and will be visited from outside before it counts as live.';
    case 'live':
      return `Anybody can visit it. Created ${ago(created_at)}.`;
    case 'failed':
      return 'It could not be created; what was half made is taken down again. Delete it, then create it anew.';
    case 'removing':
      return 'Its address, files and database are being removed.';
    default:
      return 'Nothing is left of it.';
  }
}
