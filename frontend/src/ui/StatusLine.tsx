// How something is, in one sentence, with a dot whose colour only repeats it.

import clsx from 'clsx';
import type { ReactNode } from 'react';
import type { Tone } from './Status';

const LOOKS: Record<Tone, { line: string; dot: string }> = {
  good: { line: 'bg-wash', dot: 'bg-good' },
  busy: { line: 'bg-accent-wash', dot: 'bg-accent animate-breathe' },
  bad: { line: 'bg-bad-wash', dot: 'bg-bad' },
  off: { line: 'bg-wash', dot: 'bg-soft/50' },
};

type StatusLineProps = { tone: Tone; children: ReactNode; action?: ReactNode };

export function StatusLine({ tone, children, action }: StatusLineProps) {
  return (
    <div
      className={clsx('flex min-h-12 flex-wrap items-center gap-3 rounded-card px-5 py-3 text-sm', LOOKS[tone].line)}
    >
      <span aria-hidden="true" className={clsx('size-2 shrink-0 rounded-full', LOOKS[tone].dot)} />
      <p className="min-w-0 flex-1">{children}</p>
      {action}
    </div>
  );
}
