// `/sites/$site/logs`: what its visitors, PHP, WordPress, mail and the platform wrote, as it is written. What is looked for is in the address.

import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useSite } from './here';
import { Tab } from './Tab';

const here = getRouteApi('/sites/$site/logs');
const SiteLog = lazy(async () => ({ default: (await import('@/features/logs/SiteLog')).SiteLog }));

export function LogsRoute() {
  const { slug, environments } = useSite();
  const search = here.useSearch();
  const navigate = useNavigate();
  return (
    <Tab title="Logs">
      <Suspense>
        <SiteLog
          slug={slug}
          environments={environments}
          search={search}
          onSearch={(next) => void navigate({ to: '/sites/$site/logs', params: { site: slug }, search: next })}
        />
      </Suspense>
    </Tab>
  );
}
