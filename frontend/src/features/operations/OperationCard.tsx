// Something long, as it happens: its steps while it runs, and what came of it. A new site's card becomes the way to that site.

import { lazy, Suspense, useEffect, useRef } from 'react';
import type { Operation } from '@/api/types';
import { hasEnded, useOperation } from '@/api/useOperation';
import { announce } from '@/lib/announce';
import { duration, elapsed } from '@/lib/format';
import { Card, CardSkeleton } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { Status } from '@/ui/Status';
import { StepTimeline } from '@/ui/StepTimeline';
import { endingInWords } from './endings';
import { ReadySite } from './ReadySite';
import { ReceiptCard } from './ReceiptCard';
import { useShown } from './shown';

const DomainReceipt = lazy(() => import('./DomainReceipt'));
const RECEIPTS: Partial<Record<Operation['kind'], typeof DomainReceipt>> = {
  move: lazy(() => import('./MovedCard')),
  adjust: lazy(() => import('./ChangedCard')),
  add_domain: DomainReceipt,
  remove_domain: DomainReceipt,
};

export function OperationCard({ id }: { id: string }) {
  const { data, isError } = useOperation(id);
  useShown(id);
  useEndingSaid(data);
  if (data) return <Outcome operation={data} />;
  if (isError) return <Notice title="What was being done cannot be shown right now." />;
  return <CardSkeleton label="Loading progress" />;
}

function Outcome({ operation }: { operation: Operation }) {
  if (operation.state === 'failed') return <Failed operation={operation} />;
  if (operation.state !== 'succeeded') return <UnderWay operation={operation} />;
  return <Done operation={operation} />;
}

function Done({ operation }: { operation: Operation }) {
  if (operation.kind === 'rename') return <ReceiptCard operation={operation} />;
  if (operation.kind === 'purge') return <Cleared operation={operation} />;
  const Receipt = RECEIPTS[operation.kind];
  if (Receipt)
    return (
      <Suspense fallback={<CardSkeleton label="Loading the receipt" />}>
        <Receipt operation={operation} />
      </Suspense>
    );
  if (operation.kind === 'remove') return <Removed operation={operation} />;
  // A creation that was undone shows what undoes it: the site's removal.
  return operation.undone_by ? <OperationCard id={operation.undone_by} /> : <ReadySite operation={operation} />;
}

const DOING: Partial<Record<Operation['kind'], string>> = {
  provision: 'Creating',
  remove: 'Deleting',
  move: 'Moving',
  adjust: 'Changing',
};
const DONE: Partial<Record<Operation['kind'], string>> = {
  provision: 'created',
  remove: 'deleted',
  move: 'moved',
  adjust: 'changed',
};

function UnderWay({ operation: { kind, tenant, steps } }: { operation: Operation }) {
  const done = steps.filter((step) => step.state === 'done').length;
  return (
    <Card
      heading={`${DOING[kind] ?? 'Changing'} ${tenant.name}`}
      aside={<Status tone="busy" word={`${done} of ${steps.length}`} className="tabular-nums" />}
    >
      <progress className="progress-line my-5" aria-label="Progress" value={done} max={Math.max(1, steps.length)} />
      <StepTimeline steps={steps} />
      <p className="mt-5 text-sm text-soft">You can leave this page; it goes on without you.</p>
    </Card>
  );
}

function Failed({ operation: { kind, tenant, steps, error } }: { operation: Operation }) {
  return (
    <Card
      tone="bad"
      heading={`${tenant.name} could not be ${DONE[kind] ?? 'changed'}`}
      aside={<Status tone="bad" word="Did not work" />}
    >
      <p className="mt-3 text-sm">{error?.title}</p>
      {error?.detail && <p className="text-sm text-soft">{error.detail}</p>}
      <div className="mt-5">
        <StepTimeline steps={steps} />
      </div>
    </Card>
  );
}

function Removed({ operation: { tenant, created_at, ended_at } }: { operation: Operation }) {
  return (
    <Card heading={`${tenant.name} is deleted`} aside={<Status tone="off" word="Deleted" />}>
      <p className="mt-2 text-sm text-soft">
        Files, database and address are gone. It took {duration(elapsed(created_at, ended_at))}.
      </p>
    </Card>
  );
}

function Cleared({ operation: { tenant, result } }: { operation: Operation }) {
  return (
    <Card heading={`Cache of ${tenant.name} cleared`} aside={<Status tone="good" word="Done" />}>
      <p className="mt-2 text-sm text-soft">{result?.path ?? 'Every page'} is made anew for its next visitor.</p>
    </Card>
  );
}

/** Speaks once, when an operation that was seen running comes to its end. */
function useEndingSaid(operation: Operation | undefined) {
  const wasRunning = useRef(false);
  useEffect(() => {
    if (!operation) return;
    if (hasEnded(operation) && wasRunning.current) announce(endingInWords(operation));
    wasRunning.current = !hasEnded(operation);
  }, [operation]);
}
