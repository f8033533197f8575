// `/sites/$site`: how the site is. While it is being made or removed, the steps are the page.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MessageSquare, Stethoscope } from 'lucide-react';
import { siteOperationsQuery } from '@/api/sites';
import type { Operation, Tenant } from '@/api/types';
import { hasEnded, useOperation } from '@/api/useOperation';
import { LatestActivity } from '@/features/activity/LatestActivity';
import { SiteAlerts } from '@/features/alerts/SiteAlerts';
import { OperationCard } from '@/features/operations/OperationCard';
import { SiteFacts } from '@/features/sites/SiteFacts';
import { SizeInWords } from '@/features/sites/SizeInWords';
import { buttonLook } from '@/ui/Button';
import { CardSkeleton } from '@/ui/Card';
import { useSite } from './here';

export function OverviewRoute() {
  const site = useSite();
  const { data: operations } = useQuery(siteOperationsQuery(site.id));
  if (site.state !== 'live') return <NotLive site={site} operations={operations} />;
  const open = operations?.filter((one) => !hasEnded(one)) ?? [];
  return (
    <div className="grid grid-cols-1 gap-10 lg:grid-cols-[minmax(0,1fr)_288px]">
      <div className="grid grid-cols-1 content-start gap-8">
        {open.map(({ id }) => (
          <OpenOperation key={id} id={id} />
        ))}
        <SiteAlerts slug={site.slug} why={<Why site={site} />} />
        <Latest site={site} />
      </div>
      <aside aria-label="About this site" className="grid grid-cols-1 content-start gap-8">
        <SiteFacts site={site} size={<SizeInWords size={site.tier} />} />
        <Link to="/" search={{ about: site.slug }} className={buttonLook('secondary', 'h-12')}>
          <MessageSquare aria-hidden="true" className="size-4" />
          Ask about this site
        </Link>
        <Link to="/sites/$site/diagnosis" params={{ site: site.slug }} className={buttonLook('secondary', 'h-12')}>
          <Stethoscope aria-hidden="true" className="size-4" />
          Why is it slow?
        </Link>
      </aside>
    </div>
  );
}

function Why({ site }: { site: Tenant }) {
  return (
    <Link
      to="/sites/$site/diagnosis"
      params={{ site: site.slug }}
      className="rounded-sm text-sm text-accent underline-offset-4 hover:underline"
    >
      Find out why
    </Link>
  );
}

/** The list may be a moment behind: what has ended meanwhile is among the latest, not under way. */
function OpenOperation({ id }: { id: string }) {
  const { data } = useOperation(id);
  return data && hasEnded(data) ? null : <OperationCard id={id} />;
}

function NotLive({ site, operations }: { site: Tenant; operations: Operation[] | undefined }) {
  const newest = operations?.find((one) => one.kind === 'provision' || one.kind === 'remove');
  return (
    <div className="grid max-w-2xl grid-cols-1 gap-6">
      {newest ? <OperationCard id={newest.id} /> : <CardSkeleton label="Loading progress" />}
      {site.state === 'failed' && <AfterFailure site={site} />}
    </div>
  );
}

function AfterFailure({ site }: { site: Tenant }) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Link to="/sites/$site/settings" params={{ site: site.slug }} hash="delete" className={buttonLook('secondary')}>
        Delete it and start over
      </Link>
      <Link to="/" search={{ about: site.slug }} className={buttonLook('quiet')}>
        Ask what went wrong
      </Link>
    </div>
  );
}

function Latest({ site }: { site: Tenant }) {
  return (
    <section aria-labelledby="latest">
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h2 id="latest" className="text-lg font-semibold tracking-tight">
          Latest
        </h2>
        <Link
          to="/activity"
          search={{ site: site.slug }}
          className="rounded-sm text-sm text-accent underline-offset-4 hover:underline"
        >
          All activity
        </Link>
      </div>
      <LatestActivity site={site} />
    </section>
  );
}
