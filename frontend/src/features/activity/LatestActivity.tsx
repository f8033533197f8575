// The last few things that were done to one site.

import { sentenceOf } from '@/api/problem';
import type { Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { ActivityRow } from './ActivityRow';
import { ActivitySkeleton } from './ActivitySkeleton';
import { byDay } from './days';
import { useActivity } from './useActivity';

const SHOWN = 5;

export function LatestActivity({ site }: { site: Tenant }) {
  const { data, error, refetch, rowOf } = useActivity({ subject: site.id }, SHOWN);
  if (error && !data) {
    return (
      <Notice
        title="What was done cannot be shown right now."
        action={<Button onClick={() => refetch()}>Try again</Button>}
      >
        {sentenceOf(error)}
      </Notice>
    );
  }
  if (!data) return <ActivitySkeleton />;
  return (
    <div className="border-t border-line">
      {byDay(data.slice(0, SHOWN)).map(({ key, label, items }) => (
        <section key={key} aria-label={label}>
          <p aria-hidden="true" className="pt-3 text-xs font-medium text-soft">
            {label}
          </p>
          <ul className="divide-y divide-line">
            {items.map((entry) => (
              <ActivityRow key={entry.id} {...rowOf(entry)} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
