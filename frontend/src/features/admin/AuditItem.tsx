// One entry of the audit log: a sentence, and behind it the record exactly as it was sealed.

import { ChevronRight } from 'lucide-react';
import type { AuditFilters } from '@/api/admin';
import type { Audit } from '@/api/types';
import { CopyButton } from '@/ui/CopyButton';
import { deedInWords, whoDid } from './deeds';
import { Moment } from './Moment';

type AuditItemProps = { entry: Audit; onFilter: (filters: AuditFilters) => void };

export function AuditItem({ entry, onFilter }: AuditItemProps) {
  return (
    <li>
      <details className="group">
        <summary className="flex list-none items-start gap-3 rounded-lg px-2 py-3 text-sm transition duration-150 hover:bg-wash">
          <ChevronRight
            aria-hidden="true"
            className="mt-0.5 size-4 shrink-0 text-soft transition duration-150 group-open:rotate-90"
          />
          <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-6">
            <span className="min-w-0 grow basis-64 wrap-anywhere">
              <span className="font-medium">{whoDid(entry.actor)}</span> {deedInWords(entry)}
            </span>
            <span className="text-soft">
              <Moment at={entry.at} />
            </span>
          </span>
        </summary>
        <div className="mt-1 mb-4 rounded-xl bg-wash p-4 sm:ml-9">
          <Exactly entry={entry} />
          <Same entry={entry} onFilter={onFilter} />
        </div>
      </details>
    </li>
  );
}

function Exactly({ entry: { number, id, at, actor, action, subject, detail, seal } }: { entry: Audit }) {
  const fields: [string, string][] = [
    ['Number', String(number)],
    ['Entry', id],
    ['Time', at],
    ['Actor', [actor.kind, actor.email, actor.id].filter(Boolean).join(' · ')],
    ['Action', action],
    ['Subject', subject],
    ...Object.entries(detail),
    ['Seal', seal],
  ];
  return (
    <dl className="grid gap-x-6 gap-y-1 text-xs sm:grid-cols-[auto_minmax(0,1fr)]">
      {fields.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-soft max-sm:mt-1">{name}</dt>
          <dd className="font-mono wrap-anywhere">{value || '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The ways from here to more of the same, and the record to take along. */
function Same({ entry, onFilter }: AuditItemProps) {
  const { actor, subject } = entry;
  const who = actor.email || actor.id;
  return (
    <p className="mt-3 flex flex-wrap items-center gap-x-6 gap-y-1 text-xs">
      {who && <More onPress={() => onFilter({ actor: who, action: '', subject: '' })}>All they did</More>}
      {subject && <More onPress={() => onFilter({ actor: '', action: '', subject })}>All that was done to it</More>}
      <CopyButton text={JSON.stringify(entry, null, 2)} what="the exact record" />
    </p>
  );
}

function More({ onPress, children }: { onPress: () => void; children: string }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="rounded-sm py-1 font-medium text-accent underline-offset-4 hover:underline"
    >
      {children}
    </button>
  );
}
