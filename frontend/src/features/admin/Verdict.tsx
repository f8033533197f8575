// Whether the audit log is as it was written: a check mark, or the loudest thing on the page.

import { useQuery } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { verdictQuery } from '@/api/admin';
import { Button } from '@/ui/Button';
import { Trouble } from './Trouble';

const count = new Intl.NumberFormat('en');

export function Verdict() {
  const { data, error, refetch, isFetching } = useQuery(verdictQuery);
  if (error && !data) return <Trouble what="Whether the log is whole" error={error} again={() => void refetch()} />;
  if (!data) return <div className="h-18 animate-late rounded-card bg-wash" />;
  const again = (
    <Button kind="quiet" busy={isFetching} onClick={() => void refetch()}>
      Check again
    </Button>
  );
  return data.intact ? <Intact entries={data.entries}>{again}</Intact> : <Broken {...data}>{again}</Broken>;
}

function Intact({ entries, children }: { entries: number; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-line p-4 sm:px-5">
      <span aria-hidden="true" className="grid size-10 shrink-0 place-items-center rounded-full bg-good/10 text-good">
        <ShieldCheck className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-52 text-sm">
        <p className="font-medium">The log is intact</p>
        <p className="text-soft">
          All {count.format(entries)} entries are as they were written, in order, up to the mark kept outside the
          database.
        </p>
      </div>
      {children}
    </div>
  );
}

function Broken({ entries, wrong, children }: { entries: number; wrong: string; children: React.ReactNode }) {
  return (
    <div role="alert" className="rounded-card border-2 border-bad bg-bad-wash p-5 sm:p-6">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <span aria-hidden="true" className="grid size-12 shrink-0 place-items-center rounded-full bg-bad text-white">
          <ShieldAlert className="size-6" />
        </span>
        <div className="min-w-0 flex-1 basis-60">
          <p className="text-lg font-semibold tracking-tight">The log is not as it was written</p>
          <p className="mt-1 text-sm">
            {sentence(wrong)} The first {count.format(entries)} entries hold; do not trust what comes after.
          </p>
          <p className="mt-2 text-sm">
            Keep the data directory as it is, find out who could write to the database, and compare with a backup.
          </p>
        </div>
        {children}
      </div>
    </div>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
