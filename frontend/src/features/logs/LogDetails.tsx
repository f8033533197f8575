// All that is known of one line, and the way to everything else that belongs to its request.

import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { LogLine } from '@/api/logs';
import { Button } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';

type LogDetailsProps = {
  line: LogLine;
  environment: string | undefined;
  onRequest?: ((request: string) => void) | undefined;
  onClose: () => void;
};

const WHEN = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const NAMES: Record<string, string> = {
  duration_ms: 'Took',
  upstream_ms: 'PHP took',
  lock_ms: 'Waited for locks',
  lag_ms: 'Late by',
  bytes: 'Size',
  agent: 'Browser',
  address: 'Visitor',
};

export function LogDetails({ line, environment, onRequest, onClose }: LogDetailsProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line is another page to read
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.closest('section')?.scrollIntoView({ block: 'nearest' });
  }, [line.id]);
  const facts = factsOf(line, environment);
  return (
    <section
      aria-labelledby="line"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="mt-4 animate-rise rounded-card border border-line p-5"
    >
      <div className="flex items-start gap-2">
        <h3
          id="line"
          ref={heading}
          tabIndex={-1}
          className="min-w-0 flex-1 rounded-sm font-mono text-[13px] wrap-anywhere whitespace-pre-wrap"
        >
          <span className="sr-only">Line: </span>
          {line.message}
        </h3>
        <CopyButton text={JSON.stringify(line, null, 2)} what="this line" />
        <button
          type="button"
          aria-label="Close the line"
          onClick={onClose}
          className="grid size-8 shrink-0 place-items-center rounded-full text-soft transition duration-150 hover:bg-wash hover:text-ink"
        >
          <X aria-hidden="true" className="size-4" />
        </button>
      </div>
      <dl className="mt-4 grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
        {facts.map(([name, value]) => (
          <div key={name} className="flex min-w-0 gap-3">
            <dt className="w-32 shrink-0 text-soft">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      {line.request_id && onRequest && (
        <Button className="mt-4" onClick={() => onRequest(line.request_id as string)}>
          Show everything of this request
        </Button>
      )}
    </section>
  );
}

/** What there is to know, as people read it. */
function factsOf(line: LogLine, environment: string | undefined): [string, string][] {
  const fields = Object.entries(line.fields).filter(([, value]) => value !== null && value !== '');
  return [
    ['Time', WHEN.format(new Date(line.time))],
    ['Level', line.level],
    ['Source', line.source],
    ...(environment ? ([['Environment', environment]] as [string, string][]) : []),
    ...fields.map(([name, value]): [string, string] => [nameOf(name), shownAs(name, value)]),
    ...(line.request_id ? ([['Request', line.request_id]] as [string, string][]) : []),
  ];
}

function nameOf(field: string): string {
  const words = NAMES[field] ?? field.replace(/_/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shownAs(field: string, value: unknown): string {
  if (typeof value !== 'number') return String(value);
  const shown = value.toLocaleString('en', { maximumFractionDigits: 1 });
  if (field.endsWith('_ms')) return `${shown} ms`;
  return field === 'bytes' ? `${shown} bytes` : field === 'status' || field === 'line' ? String(value) : shown;
}
