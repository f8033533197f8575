// Holds the place of rows that are on their way: a square, two lines, a state. Shown only once the wait can be noticed.

import clsx from 'clsx';

const WIDTHS = ['w-40', 'w-56', 'w-32'];

export function RowsSkeleton({ label, isTiled = true }: { label: string; isTiled?: boolean }) {
  return (
    <div role="img" aria-label={label} className="animate-late divide-y divide-line border-y border-line">
      {WIDTHS.map((width) => (
        <div key={width} className="flex items-center gap-4 py-4">
          {isTiled && <div className="size-10 rounded-xl bg-wash" />}
          <div className="flex-1">
            <div className={clsx('h-4 rounded-full bg-wash', width)} />
            <div className="mt-2 h-3 w-48 max-w-full rounded-full bg-wash" />
          </div>
          <div className="h-4 w-24 rounded-full bg-wash max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
