// All sites the person may see, or those a search finds.

import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { sentenceOf } from '@/api/problem';
import { tenantsQuery } from '@/api/queries';
import { sitesFoundQuery } from '@/api/sites';
import type { Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Notice } from '@/ui/Notice';
import { RowsSkeleton } from './RowsSkeleton';
import { SiteRow } from './SiteRow';

/** Rows are read before any of their menus is opened; until its code is there, an empty place keeps the row still. */
const SiteMenu = lazy(() => import('./SiteMenu'));
const menuOf = (site: Tenant) => (
  <Suspense fallback={<span className="size-9" />}>
    <SiteMenu site={site} />
  </Suspense>
);

type SitesListProps = { q?: string; create: ReactNode; onClear?: () => void };

export function SitesList({ q = '', create, onClear }: SitesListProps) {
  const sites = useInfiniteQuery(q ? sitesFoundQuery(q) : tenantsQuery);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = sites;
  if (error && !data) {
    return (
      <Notice
        title="Your sites cannot be shown right now."
        action={<Button onClick={() => refetch()}>Try again</Button>}
      >
        {sentenceOf(error)}
      </Notice>
    );
  }
  if (!data) return <RowsSkeleton label="Loading sites" />;
  if (data.length === 0) return q ? <NoneFound q={q} onClear={onClear} /> : <NoneYet create={create} />;
  return (
    <>
      <ul aria-label="Sites" className="divide-y divide-line border-y border-line">
        {data.map((site) => (
          <SiteRow key={site.id} site={site} menu={menuOf(site)} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className="mt-6" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function NoneYet({ create }: { create: ReactNode }) {
  return (
    <EmptyState title="No sites yet" action={create}>
      Your sites will be here. One sentence makes the first.
    </EmptyState>
  );
}

function NoneFound({ q, onClear }: { q: string; onClear: (() => void) | undefined }) {
  return (
    <EmptyState title="Nothing found" action={onClear && <Button onClick={onClear}>Show all sites</Button>}>
      No site has “{q}” in its name or address.
    </EmptyState>
  );
}
