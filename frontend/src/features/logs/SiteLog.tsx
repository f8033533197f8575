// The log of a site: what is to be seen of it, how much there is, the lines, and one of them in full.

import { useState } from 'react';
import type { LogLine } from '@/api/logs';
import { sentenceOf } from '@/api/problem';
import { Button } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';
import { EmptyState } from '@/ui/EmptyState';
import { LogDisplay } from '@/ui/LogDisplay';
import { Notice } from '@/ui/Notice';
import { type Filters, isNarrow, isOfAMoment, understood, WINDOWS, windowOf } from './filters';
import { LogDetails } from './LogDetails';
import { LogFilters } from './LogFilters';
import { LogHistogram } from './LogHistogram';
import { useLog } from './useLog';

type SiteLogProps = {
  slug: string;
  environments: { id: string; kind: string }[];
  search: Filters;
  onSearch: (filters: Filters) => void;
};

export function SiteLog({ slug, environments, search, onSearch }: SiteLogProps) {
  const filters = understood(search);
  const [isLive, setLive] = useState(true);
  const [open, setOpen] = useState<LogLine>();
  const log = useLog(slug, filters, isLive);
  const kinds = new Map(environments.map(({ id, kind }) => [id, kind]));

  function change(next: Filters) {
    setOpen(undefined);
    onSearch(next);
  }

  return (
    <>
      <LogFilters filters={filters} environments={environments} isLive={isLive} onChange={change} onLive={setLive} />
      {log.error !== null && (
        <Notice title="The log can’t be read just now" action={<Button onClick={log.retry}>Try again</Button>}>
          {sentenceOf(log.error)}
        </Notice>
      )}
      {!log.error && !filters.request && <LogHistogram slug={slug} filters={filters} />}
      {!log.error && !log.isReady && <Reading />}
      {!log.error && log.isReady && log.lines.length === 0 && <NothingWritten filters={filters} onChange={change} />}
      {!log.error && log.lines.length > 0 && (
        <>
          <div className="h-[56vh] min-h-72">
            <LogDisplay
              lines={log.lines}
              isLive={log.isConnected}
              onOpen={setOpen}
              openId={open?.id}
              onBeginning={log.isReadingOlder ? undefined : log.readOlder}
            />
          </div>
          <Below log={log} isLive={isLive} />
        </>
      )}
      {open && (
        <LogDetails
          line={open}
          environment={kinds.get(open.environment)}
          onRequest={filters.request ? undefined : (request) => change({ request })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

function Below({ log, isLive }: { log: ReturnType<typeof useLog>; isLive: boolean }) {
  const state = log.isConnected ? 'Live' : isLive ? '' : 'Paused';
  const count = log.lines.length;
  return (
    <div className="mt-2 flex min-h-8 items-center gap-3 text-xs text-soft">
      {state && (
        <span className="inline-flex items-center gap-2">
          <span
            aria-hidden="true"
            className={log.isConnected ? 'size-2 rounded-full bg-good' : 'size-2 rounded-full bg-line'}
          />
          {state}
        </span>
      )}
      <span>
        {count.toLocaleString('en')} {count === 1 ? 'line' : 'lines'}
        {log.older && (log.isReadingOlder ? ', reading older ones' : ', scroll up for older ones')}
      </span>
      <span className="ml-auto inline-flex items-center">
        Copy them <CopyButton text={textOf(log.lines)} what="these lines" />
      </span>
    </div>
  );
}

/** As `./aipress sites logs` says them. */
function textOf(lines: LogLine[]): string {
  return lines.map(({ time, level, source, message }) => `${time} ${level} ${source} ${message}`).join('\n');
}

function Reading() {
  return (
    <div
      role="img"
      aria-label="Reading the log"
      className="h-[56vh] min-h-72 animate-late rounded-card border border-line bg-wash"
    />
  );
}

function NothingWritten({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { value, label } = windowOf(filters);
  const longer = WINDOWS[WINDOWS.findIndex((one) => one.value === value) + 1];
  const mayLookLonger = longer && !isOfAMoment(filters) && !filters.request;
  return (
    <EmptyState
      title={isNarrow(filters) ? 'No line fits' : 'Nothing was written'}
      action={
        <>
          {mayLookLonger && (
            <Button onClick={() => onChange({ ...filters, within: longer.value })}>{longer.label}</Button>
          )}
          {isNarrow(filters) && <Button onClick={() => onChange({})}>Show everything</Button>}
        </>
      }
    >
      {filters.request || isOfAMoment(filters)
        ? 'What is older than logs are kept is gone.'
        : `${label}: visits, PHP messages, slow queries, mail and more appear here as they happen.`}
    </EmptyState>
  );
}
