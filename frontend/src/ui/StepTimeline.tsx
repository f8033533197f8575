// The steps of something long, each with its state in a sign and in words, and how long it took or usually takes.

import clsx from 'clsx';
import { Check, X } from 'lucide-react';
import { duration, elapsed, usually } from '@/lib/format';
import { useNow } from '@/lib/time';
import { LoadingSpinner } from './LoadingSpinner';

export type TimelineStep = {
  key: string;
  label: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  started_at: string | null;
  ended_at: string | null;
  p50: number | null;
};

const IN_WORDS = { waiting: 'waiting', running: 'under way', done: 'done', failed: 'did not work' };

export function StepTimeline({ steps }: { steps: TimelineStep[] }) {
  const now = useNow(
    200,
    steps.some((step) => step.state === 'running'),
  );
  return (
    <ol className="grid gap-2">
      {steps.map((step) => (
        <li key={step.key} className="flex items-center gap-3 text-sm">
          <Sign state={step.state} />
          <span className={clsx('min-w-0 flex-1', step.state === 'waiting' && 'text-soft')}>
            {step.label}
            <span className="sr-only">, {IN_WORDS[step.state]}</span>
          </span>
          <span className="text-xs text-soft tabular-nums">{timing(step, now)}</span>
        </li>
      ))}
    </ol>
  );
}

function timing(step: TimelineStep, now: number): string {
  if (step.state === 'waiting') return usually(step.p50);
  return step.started_at ? duration(elapsed(step.started_at, step.ended_at, now)) : '';
}

const SIGN = 'grid size-5 shrink-0 place-items-center rounded-full';

function Sign({ state }: { state: TimelineStep['state'] }) {
  if (state === 'running') {
    return (
      <span aria-hidden="true" className={clsx(SIGN, 'text-accent')}>
        <LoadingSpinner />
      </span>
    );
  }
  if (state === 'waiting') {
    return (
      <span aria-hidden="true" className={SIGN}>
        <span className="size-2 rounded-full border border-soft/60" />
      </span>
    );
  }
  const Icon = state === 'done' ? Check : X;
  return (
    <span aria-hidden="true" className={clsx(SIGN, 'text-white', state === 'done' ? 'bg-ink' : 'bg-bad')}>
      <Icon className="size-3" strokeWidth={3} />
    </span>
  );
}
