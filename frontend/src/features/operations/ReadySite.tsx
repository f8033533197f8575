// A site that has just been made: its address, the way in, and how it was made. It stays true when the site changes later.

import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { mintLoginLink } from '@/api/commands';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { tenantQuery } from '@/api/queries';
import type { Operation, TenantState } from '@/api/types';
import { duration, elapsed } from '@/lib/format';
import { Card } from '@/ui/Card';
import { SitePanel } from '@/ui/SitePanel';
import { Status } from '@/ui/Status';
import { StepTimeline } from '@/ui/StepTimeline';
import { UndoButton } from './UndoButton';

export function ReadySite({ operation }: { operation: Operation }) {
  const { tenant, result } = operation;
  const state = useTenantState(tenant.id);
  if (state === 'removed' || state === 'removing') return <SinceRemoved name={tenant.name} />;
  return (
    <SitePanel
      name={tenant.name}
      status={{ tone: 'good', word: 'Live' }}
      url={result?.url ?? null}
      admin={() => mintLoginLink(tenant.slug)}
      explain={sentenceOf}
    >
      <UndoButton operation={operation} said={`${tenant.name} is being removed`} />
      <HowItWasMade operation={operation} />
    </SitePanel>
  );
}

function HowItWasMade({ operation: { steps, created_at, ended_at } }: { operation: Operation }) {
  return (
    <details className="group mt-5 border-t border-line pt-4">
      <summary className="flex list-none items-center gap-1 rounded-sm text-sm text-soft transition duration-150 hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="size-4 transition-transform duration-150 ease-out group-open:rotate-90"
        />
        Made and checked from outside in {duration(elapsed(created_at, ended_at))}
      </summary>
      <div className="mt-4">
        <StepTimeline steps={steps} />
      </div>
    </details>
  );
}

function SinceRemoved({ name }: { name: string }) {
  return (
    <Card heading={name} aside={<Status tone="off" word="Deleted" />}>
      <p className="mt-2 text-sm text-soft">This site was made here, and deleted since.</p>
    </Card>
  );
}

function useTenantState(id: string): TenantState {
  const { data, error } = useQuery(tenantQuery(id));
  if (error instanceof ApiProblem && error.status === 404) return 'removed';
  return data?.state ?? 'live';
}
