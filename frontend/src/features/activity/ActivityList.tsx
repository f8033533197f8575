// What was done, newest first, under the days it was done on.

import type { ReactNode } from 'react';
import { sentenceOf } from '@/api/problem';
import type { Sought } from '@/api/sites';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { ActivityRow } from './ActivityRow';
import { ActivitySkeleton } from './ActivitySkeleton';
import { byDay } from './days';
import { useActivity } from './useActivity';

export function ActivityList({ sought, empty }: { sought: Sought; empty: ReactNode }) {
  const { data, error, refetch, rowOf, hasNextPage, fetchNextPage, isFetchingNextPage } = useActivity(sought);
  if (error && !data) {
    return (
      <Notice title="Activity cannot be shown right now." action={<Button onClick={() => refetch()}>Try again</Button>}>
        {sentenceOf(error)}
      </Notice>
    );
  }
  if (!data) return <ActivitySkeleton />;
  if (data.length === 0) return empty;
  return (
    <>
      {byDay(data).map(({ key, label, items }) => (
        <section key={key} aria-labelledby={`day-${key}`} className="mb-8">
          <h2 id={`day-${key}`} className="border-b border-line pb-2 text-sm font-medium text-soft">
            {label}
          </h2>
          <ul className="divide-y divide-line">
            {items.map((entry) => (
              <ActivityRow key={entry.id} {...rowOf(entry)} />
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
