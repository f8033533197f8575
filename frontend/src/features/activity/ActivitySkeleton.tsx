// Holds the place of a list of what was done.

import clsx from 'clsx';

const WIDTHS = ['w-64', 'w-80', 'w-56'];

export function ActivitySkeleton() {
  return (
    <div role="img" aria-label="Loading activity" className="animate-late divide-y divide-line border-y border-line">
      {WIDTHS.map((width) => (
        <div key={width} className="flex items-center gap-4 py-3.5">
          <div className="size-8 rounded-full bg-wash" />
          <div className={clsx('h-4 max-w-full rounded-full bg-wash', width)} />
        </div>
      ))}
    </div>
  );
}
