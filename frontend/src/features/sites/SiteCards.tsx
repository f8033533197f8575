// Sites as cards in a conversation: one, or just the door to its WordPress. Each reads the site itself and stays live.

import { useQuery } from '@tanstack/react-query';
import { mintLoginLink } from '@/api/commands';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { tenantQuery } from '@/api/queries';
import { Card, CardSkeleton } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { OpenElsewhere } from '@/ui/OpenElsewhere';
import { SitePanel } from '@/ui/SitePanel';
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

function NoSite({ error }: { error: Error }) {
  const isGone = error instanceof ApiProblem && error.status === 404;
  return <Notice title={isGone ? 'This site does not exist any more.' : 'This site cannot be shown right now.'} />;
}
