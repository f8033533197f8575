// Sites as cards in a conversation: one, all, or just the door to one's WordPress. Each reads the site itself and stays live.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { mintLoginLink } from '@/api/commands';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { tenantQuery, tenantsQuery } from '@/api/queries';
import { Card, CardSkeleton } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { OpenElsewhere } from '@/ui/OpenElsewhere';
import { SitePanel } from '@/ui/SitePanel';
import { SiteRow } from './SiteRow';
import { SITE_STATES } from './siteState';

export function SiteCard({ tenant }: { tenant: string }) {
  const { data, error } = useQuery(tenantQuery(tenant));
  if (data) {
    return (
      <SitePanel
        name={data.name}
        status={SITE_STATES[data.state]}
        url={data.state === 'live' ? data.url : null}
        admin={() => mintLoginLink(data.slug)}
        explain={sentenceOf}
      />
    );
  }
  if (error) return <NoSite error={error} />;
  return <CardSkeleton label="Loading site" />;
}

/** The browser asks for the link itself, when pressed: the assistant never sees one. */
export function AdminCard({ tenant }: { tenant: string }) {
  const { data, error } = useQuery(tenantQuery(tenant));
  if (error) return <NoSite error={error} />;
  return (
    <Card heading={`WP Admin of ${data?.name ?? tenant}`}>
      <p className="mt-1 text-sm text-soft">Opens in a new tab, signed in as you. The link works once, for a minute.</p>
      <div className="mt-4 flex flex-wrap gap-2">
        <OpenElsewhere kind="primary" address={() => mintLoginLink(tenant)} explain={sentenceOf}>
          Open WP Admin
        </OpenElsewhere>
      </div>
    </Card>
  );
}

const SHOWN = 8;

export function SitesCard({ showAll }: { showAll: ReactNode }) {
  const { data, isError } = useInfiniteQuery(tenantsQuery);
  if (isError) return <Notice title="Your sites cannot be shown right now." />;
  if (!data) return <CardSkeleton label="Loading sites" />;
  return (
    <Card heading={data.length === 1 ? '1 site' : `${data.length} sites`} aside={data.length > SHOWN ? showAll : null}>
      {data.length === 0 && <p className="mt-2 text-sm text-soft">Say “create a site called …” to make the first.</p>}
      <ul className="mt-2 -mb-4 divide-y divide-line">
        {data.slice(0, SHOWN).map((site) => (
          <SiteRow key={site.id} site={site} />
        ))}
      </ul>
    </Card>
  );
}

function NoSite({ error }: { error: Error }) {
  const isGone = error instanceof ApiProblem && error.status === 404;
  return <Notice title={isGone ? 'This site does not exist any more.' : 'This site cannot be shown right now.'} />;
}
