// The audit log, newest first: a sentence an entry, and the exact record for whoever wants it.

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AuditFilters } from '@/api/admin';
import { auditQuery } from '@/api/sites';
import { Button } from '@/ui/Button';
import { AuditItem } from './AuditItem';
import { Trouble } from './Trouble';

type AuditListProps = { filters: AuditFilters; onFilter: (filters: AuditFilters) => void; empty: ReactNode };

export function AuditList({ filters, onFilter, empty }: AuditListProps) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...auditQuery(filters),
    placeholderData: keepPreviousData,
  });
  if (error && !data) return <Trouble what="The log" error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton />;
  if (data.length === 0) return empty;
  return (
    <>
      <ol aria-label="Entries" className="divide-y divide-line border-y border-line">
        {data.map((entry) => (
          <AuditItem key={entry.id} entry={entry} onFilter={onFilter} />
        ))}
      </ol>
      {hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

const LINES = ['one', 'two', 'three', 'four', 'five', 'six'];

function Skeleton() {
  return (
    <div role="img" aria-label="Loading the log" className="animate-late border-y border-line">
      {LINES.map((line) => (
        <div key={line} className="flex h-12 items-center gap-6">
          <div className="h-3 w-72 max-w-full rounded-full bg-wash" />
          <div className="ml-auto h-3 w-32 rounded-full bg-wash max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
