// `/plans/$id`: one plan that somebody's assistant proposed elsewhere. Here the person reads it, and answers.

import { getRouteApi } from '@tanstack/react-router';
import { OperationCard } from '@/features/operations/OperationCard';
import { PlanCard } from '@/features/plans/PlanCard';
import { useTitle } from '@/lib/page';
import { Page } from './Page';

const here = getRouteApi('/plans/$id');
const showOperation = (id: string) => <OperationCard id={id} />;

export function PlanRoute() {
  useTitle('Plan');
  const { id } = here.useParams();
  return (
    <Page>
      <h1 className="mb-2 text-3xl font-semibold tracking-tight">Plan</h1>
      <p className="mb-6 text-soft">
        An assistant prepared this in your name. Nothing happens unless you confirm it here.
      </p>
      <PlanCard key={id} id={id} isNewest isFresh={false} showOperation={showOperation} />
    </Page>
  );
}
