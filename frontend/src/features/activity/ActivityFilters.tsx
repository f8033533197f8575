// What of the activity is shown: by whom, what, and to which site. Kept in the address by whoever shows it.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { meQuery } from '@/api/me';
import { tenantsQuery } from '@/api/queries';
import { Select } from '@/ui/Select';
import { ACTIONS } from './sentences';

export type Filters = { who?: string; action?: string; site?: string };
type ActivityFiltersProps = { filters: Filters; onChange: (filters: Filters) => void };

export function ActivityFilters({ filters, onChange }: ActivityFiltersProps) {
  const { who = '', action = '', site = '' } = filters;
  const people = usePeople(who);
  const sites = useSites(site);
  const set = (change: Filters) => onChange(withoutEmpty({ ...filters, ...change }));
  return (
    <div className="mb-8 flex flex-wrap gap-3">
      <Select isQuiet label="Who" value={who} onChange={(next) => set({ who: next })} options={people} />
      <Select isQuiet label="What" value={action} onChange={(next) => set({ action: next })} options={DEEDS} />
      <Select isQuiet label="Site" value={site} onChange={(next) => set({ site: next })} options={sites} />
    </div>
  );
}

const DEEDS = [any('Anything'), ...ACTIONS.map(([value, label]) => ({ value, label }))];

/** Everybody, the reader, and whoever was chosen by a link. */
function usePeople(who: string) {
  const { data: me } = useQuery(meQuery);
  const mine = me?.principal.email;
  const you = mine ? [{ value: mine, label: 'You' }] : [];
  return [any('Anybody'), ...you, ...(who && who !== mine ? [same(who)] : [])];
}

function useSites(site: string) {
  const { data = [] } = useInfiniteQuery(tenantsQuery);
  const known = data.map(({ slug, name }) => ({ value: slug, label: name }));
  const isKnown = known.some(({ value }) => value === site);
  return [any('All sites'), ...known, ...(site && !isKnown ? [same(site)] : [])];
}

function any(label: string) {
  return { value: '', label };
}

function same(value: string) {
  return { value, label: value };
}

function withoutEmpty(filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
}
