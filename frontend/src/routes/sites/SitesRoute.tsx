// `/sites`: every site the person may see, with its state and the ways to it. What is searched for stands in the address.

import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { tenantsQuery } from '@/api/queries';
import { SiteSearch } from '@/features/sites/SiteSearch';
import { SitesList } from '@/features/sites/SitesList';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';
import { Page } from './Page';

const here = getRouteApi('/sites');

export function SitesRoute() {
  useTitle('Sites');
  const { q = '' } = here.useSearch();
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(tenantsQuery);
  const find = (text: string) => void navigate({ to: '/sites', search: text ? { q: text } : {}, replace: true });
  const hasSites = q !== '' || (data !== undefined && data.length > 0);
  return (
    <Page>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-semibold tracking-tight">Sites</h1>
        {hasSites && <NewSite />}
      </div>
      {hasSites && <SiteSearch q={q} onFind={find} />}
      <SitesList q={q} create={<FirstSite />} onClear={() => find('')} />
    </Page>
  );
}

function NewSite() {
  return (
    <Link to="/create" className={buttonLook('primary')}>
      <Plus aria-hidden="true" className="size-4" />
      New site
    </Link>
  );
}

function FirstSite() {
  return (
    <span className="flex flex-wrap justify-center gap-2">
      <Link to="/" className={buttonLook('primary')}>
        Create with chat
      </Link>
      <Link to="/create" className={buttonLook('secondary')}>
        Create with form
      </Link>
    </span>
  );
}
