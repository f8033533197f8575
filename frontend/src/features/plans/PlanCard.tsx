// A plan: what would be done, to what, at what price, and how it could be undone. Nothing happens until a person confirms exactly this.

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { planQuery } from '@/api/queries';
import type { Plan, PlanState } from '@/api/types';
import { remaining } from '@/lib/format';
import { useNow } from '@/lib/time';
import { Card, CardSkeleton } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { Status, type Tone } from '@/ui/Status';
import { PlanAnswer } from './PlanAnswer';
import { PlanDetails } from './PlanDetails';

export type PlanCardProps = {
  id: string;
  /** Only the newest message's plan can be answered. */
  isNewest: boolean;
  /** It arrived just now, so it may take the focus. */
  isFresh: boolean;
  showOperation: (id: string) => ReactNode;
};

export function PlanCard({ id, ...rest }: PlanCardProps) {
  const { data, isError } = useQuery(planQuery(id));
  if (isError) return <Notice title="This plan cannot be shown right now. Nothing was changed." />;
  if (!data) return <CardSkeleton label="Loading plan" />;
  if (data.operation_id) return rest.showOperation(data.operation_id);
  return <UnconfirmedPlan plan={data} {...rest} />;
}

type View = PlanState | 'superseded';

const STATES: Record<View, { tone: Tone; word: string; said?: string }> = {
  proposed: { tone: 'busy', word: 'Needs you' },
  confirmed: { tone: 'busy', word: 'Starting' },
  withdrawn: { tone: 'off', word: 'Cancelled', said: 'You cancelled this. Nothing was changed.' },
  expired: {
    tone: 'off',
    word: 'Expired',
    said: 'This plan was not confirmed in time. Nothing was changed; ask again.',
  },
  superseded: { tone: 'off', word: 'Superseded', said: 'The conversation went on. Nothing was changed; ask again.' },
};

function UnconfirmedPlan({ plan, isNewest, isFresh }: Omit<PlanCardProps, 'id' | 'showOperation'> & { plan: Plan }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const now = useNow(5_000, plan.state === 'proposed');
  const view = viewOf(plan, isNewest, now);
  const { tone, word, said } = STATES[view];
  useFocusOnArrival(heading, isFresh && view === 'proposed');
  return (
    <Card heading={plan.title} headingRef={heading} aside={<Status tone={tone} word={word} />}>
      {said ? (
        <p className="mt-2 text-sm text-soft">{said}</p>
      ) : (
        <>
          <PlanDetails plan={plan} expires={remaining(plan.expires_at, now)} />
          <PlanAnswer plan={plan} />
        </>
      )}
    </Card>
  );
}

function viewOf(plan: Plan, isNewest: boolean, now: number): View {
  if (plan.state !== 'proposed') return plan.state;
  if (Date.parse(plan.expires_at) <= now) return 'expired';
  return isNewest ? 'proposed' : 'superseded';
}

/** Moves the focus to the plan, unless that would take it from someone in the middle of a sentence. */
function useFocusOnArrival(heading: React.RefObject<HTMLHeadingElement | null>, isWanted: boolean) {
  const isDone = useRef(false);
  useEffect(() => {
    if (!isWanted || isDone.current) return;
    isDone.current = true;
    const current = document.activeElement;
    const isWriting = current instanceof HTMLTextAreaElement && current.value !== '';
    if (!isWriting) heading.current?.focus({ preventScroll: true });
  }, [heading, isWanted]);
}
