// `/activity`: everything that was done that the person may see, by people, by AIPress for them, and by the platform.

import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { idOfSiteQuery } from '@/api/sites';
import { ActivityFilters } from '@/features/activity/ActivityFilters';
import { ActivityList } from '@/features/activity/ActivityList';
import { ActivitySkeleton } from '@/features/activity/ActivitySkeleton';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from './Page';

const here = getRouteApi('/activity');

export function ActivityRoute() {
  useTitle('Activity');
  const filters = here.useSearch();
  const navigate = useNavigate();
  const site = useQuery({ ...idOfSiteQuery(filters.site ?? ''), enabled: filters.site !== undefined });
  const isFiltered = Object.keys(filters).length > 0;
  const empty = isFiltered ? <NothingFound /> : <NothingYet />;
  return (
    <Page>
      <h1 className="mb-6 text-3xl font-semibold tracking-tight">Activity</h1>
      <ActivityFilters filters={filters} onChange={(search) => void navigate({ to: '/activity', search })} />
      {filters.site && site.data === undefined && !site.error && <ActivitySkeleton />}
      {filters.site && (site.data === null || site.error) && <NothingFound />}
      {(!filters.site || site.data) && (
        <ActivityList
          sought={{ actor: filters.who, action: filters.action, subject: site.data ?? undefined }}
          empty={empty}
        />
      )}
    </Page>
  );
}

function NothingFound() {
  return (
    <EmptyState
      title="Nothing found"
      action={
        <Link to="/activity" search={{}} className={buttonLook('secondary')}>
          Show everything
        </Link>
      }
    >
      Nothing like this was done that you may see.
    </EmptyState>
  );
}

function NothingYet() {
  return (
    <EmptyState title="Nothing yet">
      Whatever you, your colleagues or AIPress do to your sites is written down here, and stays.
    </EmptyState>
  );
}
