// `/create`: a new site by form. A size that costs money is shown as a plan first; whatever begins is watched on the site's own page.

import { Link, useNavigate } from '@tanstack/react-router';
import { MessageSquare } from 'lucide-react';
import type { Operation } from '@/api/types';
import { usePlanning } from '@/features/plans/usePlanning';
import { NewSiteForm, type Wished } from '@/features/sites/NewSiteForm';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';
import { Page } from './Page';
import { ShowPlan } from './ShowPlan';

export function CreateSiteRoute() {
  useTitle('New site');
  const navigate = useNavigate();
  const watch = ({ tenant }: Operation) => void navigate({ to: '/sites/$site', params: { site: tenant.slug } });
  const planning = usePlanning(watch);
  const plan = ({ name, tier }: Wished) => planning.propose('CREATE_SITE', { name, tier });
  return (
    <Page>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-semibold tracking-tight">New site</h1>
        <Link to="/" className={buttonLook('secondary')}>
          <MessageSquare aria-hidden="true" className="size-4" />
          Create with chat
        </Link>
      </div>
      <div className="max-w-2xl">
        <NewSiteForm
          onBegun={watch}
          onPaid={plan}
          isPlanning={planning.isProposing}
          planError={planning.proposalError}
        />
      </div>
      <ShowPlan planning={planning} />
    </Page>
  );
}
