// A site's initial on a square, in place of a picture.

import clsx from 'clsx';

export function SiteTile({ name, className }: { name: string; className?: string }) {
  const initial = [...name.trim()][0]?.toUpperCase() ?? '·';
  return (
    <span
      aria-hidden="true"
      className={clsx(
        'grid size-10 shrink-0 place-items-center rounded-xl bg-accent-wash text-base font-semibold text-accent select-none',
        className,
      )}
    >
      {initial}
    </span>
  );
}
