// The dialog of a plan, fetched when there is one to show.

import { lazy, Suspense } from 'react';
import type { Planning } from '@/features/plans/usePlanning';

const PlanDialog = lazy(() => import('@/features/plans/PlanDialog'));

export function ShowPlan({ planning }: { planning: Planning }) {
  if (!planning.plan) return null;
  return (
    <Suspense>
      <PlanDialog planning={planning} />
    </Suspense>
  );
}
