// Which people are listed: by a part of name or address, by role, by state.

import type { UserFilters as Filters, Role, UserState } from '@/api/people';
import { SearchField } from '@/ui/SearchField';
import { Select } from '@/ui/Select';
import { ROLE_NAMES } from './userWords';

/** As they stand in the address: empty for what is not asked for. */
export type UserFilterChange = { q?: string; role?: Role | ''; state?: UserState | '' };

type UserFiltersProps = { filters: Filters; onChange: (change: UserFilterChange) => void };

export function UserFilters({ filters: { q = '', role, state }, onChange }: UserFiltersProps) {
  return (
    <div className="mb-4 flex flex-wrap gap-3">
      <SearchField
        label="Search users"
        placeholder="Name or e-mail address"
        value={q}
        onFind={(text) => onChange({ q: text })}
      />
      <Select
        isQuiet
        label="Role"
        value={role ?? ''}
        options={[{ value: '', label: 'Every role' }, ...ROLE_NAMES]}
        onChange={(chosen) => onChange({ role: chosen })}
      />
      <Select
        isQuiet
        label="State"
        value={state ?? ''}
        options={STATES}
        onChange={(chosen) => onChange({ state: chosen })}
      />
    </div>
  );
}

const STATES = [
  { value: '', label: 'Every state' },
  { value: 'active', label: 'Active' },
  { value: 'suspended', label: 'Suspended' },
] as const;
