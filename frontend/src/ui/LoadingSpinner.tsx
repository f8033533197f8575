// A turning ring, for inside buttons and beside the step that is under way.

import clsx from 'clsx';

export function LoadingSpinner({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={clsx('size-4 animate-turn rounded-full border-2 border-current/25 border-t-current', className)}
    />
  );
}
