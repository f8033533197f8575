// All sites of the person who is signed in.

import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sentenceOf } from '@/api/problem';
import { tenantsQuery } from '@/api/queries';
import { Button } from '@/ui/Button';
import { CardSkeleton } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { SiteRow } from './SiteRow';

export function SitesList({ create }: { create: ReactNode }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(tenantsQuery);
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
  if (!data) return <CardSkeleton label="Loading sites" />;
  if (data.length === 0) return <NoneYet create={create} />;
  return (
    <>
      <ul aria-label="Sites" className="divide-y divide-line border-y border-line">
        {data.map((site) => (
          <SiteRow key={site.id} site={site} />
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
    <div className="rounded-card border border-dashed border-line px-6 py-16 text-center">
      <p className="mb-6 text-soft">Your sites will be here. One sentence makes the first.</p>
      {create}
    </div>
  );
}
