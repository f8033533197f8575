// Which sites are listed: by a part of name or address, by state, by owner.

import { X } from 'lucide-react';
import type { SiteFilters } from '@/api/adminSites';
import type { TenantState } from '@/api/types';
import { SearchField } from '@/ui/SearchField';
import { Select } from '@/ui/Select';
import { SITE_STATES } from './siteWords';

/** As they stand in the address: empty for what is not asked for. */
export type SiteFilterChange = { q?: string; owner?: string; state?: TenantState | '' };

type TenantFiltersProps = { filters: SiteFilters; onChange: (change: SiteFilterChange) => void };

export function TenantFilters({ filters: { q = '', owner, state }, onChange }: TenantFiltersProps) {
  return (
    <div className="mb-4 flex flex-wrap gap-3">
      <SearchField
        label="Search sites"
        placeholder="Name or address"
        value={q}
        onFind={(text) => onChange({ q: text })}
      />
      <Select
        isQuiet
        label="State"
        value={state ?? ''}
        options={STATES}
        onChange={(chosen) => onChange({ state: chosen })}
      />
      {owner && (
        <button
          type="button"
          onClick={() => onChange({ owner: '' })}
          className="flex h-10 min-w-0 items-center gap-2 rounded-full bg-accent-wash px-4 text-sm text-accent transition duration-150 hover:bg-line/60"
        >
          <span className="min-w-0 truncate">Owned by {owner}</span>
          <X aria-hidden="true" className="size-4 shrink-0" />
          <span className="sr-only">, show everybody’s</span>
        </button>
      )}
    </div>
  );
}

const LISTED: TenantState[] = ['live', 'provisioning', 'failed', 'removing'];
const STATES = [
  { value: '' as const, label: 'Every state' },
  ...LISTED.map((value) => ({ value, label: SITE_STATES[value].word })),
];
