// What of a log is shown: whose lines, how serious, with which words, how far back.

import { Pause, Play, X } from 'lucide-react';
import { Button } from '@/ui/Button';
import { SearchField } from '@/ui/SearchField';
import { Select } from '@/ui/Select';
import { type Filters, goesOn, isOfAMoment, LEVELS, SOURCES, USUAL, WINDOWS, windowOf, without } from './filters';

type LogFiltersProps = {
  filters: Filters;
  environments: { id: string; kind: string }[];
  isLive: boolean;
  onChange: (filters: Filters) => void;
  onLive: (isLive: boolean) => void;
};

export function LogFilters({ filters, environments, isLive, onChange, onLive }: LogFiltersProps) {
  const { source = '', level = '', q = '', environment = '', request } = filters;
  const set = (change: Filters) => onChange(without({ ...filters, ...change }));
  const everywhere = [
    { value: '', label: 'All copies' },
    ...environments.map(({ kind }) => ({ value: kind, label: kind === 'live' ? 'Live' : 'Staging' })),
  ];
  return (
    <div className="mb-4 grid gap-3">
      <div className="grid grid-cols-2 gap-3 sm:flex sm:flex-wrap">
        <div className="col-span-2 flex min-w-0 grow basis-56">
          <SearchField
            label="Search the log"
            placeholder="Words as they stand"
            value={q}
            onFind={(text) => set({ q: text })}
          />
        </div>
        <Select isQuiet label="Source" value={source} options={SOURCES} onChange={(next) => set({ source: next })} />
        <Select
          isQuiet
          label="Level"
          value={level === 'critical' ? 'error' : level}
          options={LEVELS}
          onChange={(next) => set({ level: next })}
        />
        {!request && !isOfAMoment(filters) && (
          <Select
            isQuiet
            label="Time"
            value={windowOf(filters).value}
            options={WINDOWS}
            onChange={(next) => set({ within: next === USUAL ? undefined : next } as Filters)}
          />
        )}
        {environments.length > 1 && (
          <Select
            isQuiet
            label="Copy of the site"
            value={environment}
            options={everywhere}
            onChange={(next) => set({ environment: next })}
          />
        )}
        {goesOn(filters) && <LiveButton isLive={isLive} onLive={onLive} />}
      </div>
      {request && (
        <Narrowed onClear={() => set({ request: undefined } as Filters)}>Everything of request {request}</Narrowed>
      )}
      {isOfAMoment(filters) && (
        <Narrowed onClear={() => set({ since: undefined, until: undefined } as Filters)}>{spanOf(filters)}</Narrowed>
      )}
    </div>
  );
}

function LiveButton({ isLive, onLive }: Pick<LogFiltersProps, 'isLive' | 'onLive'>) {
  const Icon = isLive ? Pause : Play;
  return (
    <Button onClick={() => onLive(!isLive)}>
      <Icon aria-hidden="true" className="size-4" />
      {isLive ? 'Pause' : 'Go on'}
    </Button>
  );
}

function Narrowed({ children, onClear }: { children: React.ReactNode; onClear: () => void }) {
  return (
    <p className="inline-flex max-w-full items-center gap-2 justify-self-start rounded-full bg-accent-wash py-1 pr-1 pl-4 text-sm">
      <span className="min-w-0 truncate">{children}</span>
      <button
        type="button"
        aria-label="Show all lines again"
        onClick={onClear}
        className="grid size-7 shrink-0 place-items-center rounded-full transition duration-150 hover:bg-white"
      >
        <X aria-hidden="true" className="size-4" />
      </button>
    </p>
  );
}

const MOMENT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });

function spanOf({ since, until }: Filters): string {
  const from = since && `From ${MOMENT.format(new Date(since))}`;
  const to = until && MOMENT.format(new Date(until));
  return [from, to && (from ? `to ${to}` : `The hour until ${to}`)].filter(Boolean).join(' ');
}
