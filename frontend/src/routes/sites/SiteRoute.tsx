// `/sites/$site` and what is below it: the site's name, state and ways in, its tabs, and in them the page that was asked for.

import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { tenantQuery } from '@/api/queries';
import { SiteHeading } from '@/features/sites/SiteHeading';
import { SiteTabs } from '@/features/sites/SiteTabs';
import { useTitle } from '@/lib/page';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { GoneSite } from './GoneSite';
import { SiteHere } from './here';
import { Page } from './Page';
import { SiteSkeleton } from './SiteSkeleton';

const here = getRouteApi('/sites/$site');

export function SiteRoute() {
  const { site: slug } = here.useParams();
  const { data: site, error, refetch } = useQuery(tenantQuery(slug));
  useTitle(site?.name ?? slug);
  const isGone = error instanceof ApiProblem && error.status === 404;
  if (isGone) return <GoneSite slug={slug} name={site?.name} />;
  if (!site) return <Page>{error ? <Unreachable error={error} again={refetch} /> : <SiteSkeleton />}</Page>;
  return (
    <SiteHere value={site}>
      <Page>
        <Link
          to="/sites"
          className="mb-4 inline-flex items-center gap-1 rounded-sm text-sm text-soft transition duration-150 hover:text-ink"
        >
          <ChevronLeft aria-hidden="true" className="size-4" />
          Sites
        </Link>
        <SiteHeading key={site.id} site={site} />
        <div className="mt-6 mb-8">
          <SiteTabs site={site.slug} />
        </div>
        <Outlet />
      </Page>
    </SiteHere>
  );
}

function Unreachable({ error, again }: { error: Error; again: () => void }) {
  return (
    <>
      <h1 className="sr-only">Site</h1>
      <Notice title="This site cannot be shown right now." action={<Button onClick={() => again()}>Try again</Button>}>
        {sentenceOf(error)}
      </Notice>
    </>
  );
}
