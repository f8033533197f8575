// A state as a dot and a word: never by colour alone.

import clsx from 'clsx';

export type Tone = 'good' | 'busy' | 'bad' | 'off';

const DOTS: Record<Tone, string> = {
  good: 'bg-good',
  busy: 'bg-accent animate-breathe',
  bad: 'bg-bad',
  off: 'bg-soft/50',
};

export function Status({ tone, word, className }: { tone: Tone; word: string; className?: string }) {
  return (
    <span className={clsx('inline-flex shrink-0 items-center gap-2 text-sm leading-6 text-soft', className)}>
      <span aria-hidden="true" className={clsx('size-2 rounded-full', DOTS[tone])} />
      {word}
    </span>
  );
}
