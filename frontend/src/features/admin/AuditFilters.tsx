// What of the audit log is looked for: by whom, what, to what. Kept in the address by whoever shows it.

import type { AuditFilters as Filters } from '@/api/admin';
import { SearchField } from '@/ui/SearchField';
import { Select } from '@/ui/Select';
import { ACTIONS } from './deeds';

type AuditFiltersProps = {
  filters: Filters;
  onChange: (change: Filters) => void;
};

export function AuditFilters({ filters: { actor = '', action = '', subject = '' }, onChange }: AuditFiltersProps) {
  return (
    <div className="flex flex-wrap gap-3">
      <SearchField
        label="By whom"
        placeholder="By: e-mail address or id"
        value={actor}
        onFind={(text) => onChange({ actor: text })}
      />
      <SearchField
        label="To what"
        placeholder="To: id of a site or person"
        value={subject}
        onFind={(text) => onChange({ subject: text })}
      />
      <Select
        isQuiet
        label="What was done"
        value={action}
        options={options(action)}
        onChange={(chosen) => onChange({ action: chosen })}
      />
    </div>
  );
}

/** Also the one a link asks for, whether or not this page knows a name for it. */
function options(chosen: string) {
  const known = ACTIONS.map(([value, label]) => ({ value, label }));
  const isKnown = !chosen || ACTIONS.some(([value]) => value === chosen);
  return [{ value: '', label: 'Everything' }, ...known, ...(isKnown ? [] : [{ value: chosen, label: chosen }])];
}
