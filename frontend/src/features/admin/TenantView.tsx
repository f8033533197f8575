// One site as an admin sees it: whose it is, who else has a part in it, and the way to its own pages.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Member, membersQuery, siteQuery } from '@/api/adminSites';
import { ApiProblem } from '@/api/problem';
import type { Tenant } from '@/api/types';
import { Address } from '@/ui/Address';
import { CopyButton } from '@/ui/CopyButton';
import { type Column, DataTable } from '@/ui/DataTable';
import { Status } from '@/ui/Status';
import { Facts } from './Facts';
import { day, Moment } from './Moment';
import { PageHead } from './PageHead';
import { Section } from './Section';
import { SITE_STATES, TIERS } from './siteWords';
import { Trouble } from './Trouble';

type TenantViewProps = {
  id: string;
  openPages: (site: Tenant) => ReactNode;
  linkUser: (user: { id: string; email: string }) => ReactNode;
  linkAudit: (site: Tenant) => ReactNode;
  missing: ReactNode;
};

export function TenantView({ id, openPages, linkUser, linkAudit, missing }: TenantViewProps) {
  const { data: site, error, refetch } = useQuery(siteQuery(id));
  if (error instanceof ApiProblem && error.status === 404) return missing;
  if (error && !site) return <Trouble what="This site" error={error} again={() => void refetch()} />;
  if (!site) return <Skeleton />;
  return (
    <>
      <PageHead title={site.name} action={openPages(site)}>
        {site.url ? <Address url={site.url} /> : site.slug}
      </PageHead>
      <Facts
        facts={[
          ['State', <Status key="state" {...SITE_STATES[site.state]} />],
          ['Owner', linkUser(site.owner)],
          ['Tier', TIERS[site.tier]],
          [
            'Created',
            <Moment key="created" at={site.created_at}>
              {day(site.created_at)}
            </Moment>,
          ],
        ]}
      />
      <Section title="People" about="Its one owner, and whom it is shared with.">
        <Members site={site} linkUser={linkUser} />
      </Section>
      <Section title="Record" about="What this site is to programs.">
        <Record site={site} />
        <p className="mt-4 text-sm">{linkAudit(site)}</p>
      </Section>
    </>
  );
}

function Members({ site, linkUser }: { site: Tenant; linkUser: TenantViewProps['linkUser'] }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    membersQuery(site.id),
  );
  if (error && !data) return <Trouble what="Who has a part in it" error={error} again={() => void refetch()} />;
  const columns: Column<Member>[] = [
    { key: 'who', header: 'Person', cell: ({ user }) => linkUser(user) },
    { key: 'role', header: 'Part', cell: ({ role }) => (role === 'owner' ? 'Owner' : 'Member') },
    { key: 'since', header: 'Since', cell: ({ added_at }) => <Moment at={added_at}>{day(added_at)}</Moment> },
  ];
  return (
    <DataTable
      label="People"
      columns={columns}
      rows={data}
      rowKey={({ user }) => user.id}
      isLoading={!data}
      empty={<p className="text-sm text-soft">Nobody.</p>}
      more={hasNextPage ? { isBusy: isFetchingNextPage, onMore: () => void fetchNextPage() } : undefined}
    />
  );
}

function Record({ site: { id, cloud, environments } }: { site: Tenant }) {
  const lines: [string, string][] = [
    ['Site', id],
    ['Cloud', cloud],
    ...environments.map((one): [string, string] => [`Environment, ${one.kind}`, one.id]),
  ];
  return (
    <dl className="grid gap-1 text-sm">
      {lines.map(([name, value]) => (
        <div key={name} className="flex flex-wrap items-center gap-x-4">
          <dt className="w-40 text-soft">{name}</dt>
          <dd className="flex min-w-0 items-center gap-1">
            <code className="wrap-anywhere">{value}</code>
            <CopyButton text={value} what={name.toLowerCase()} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Skeleton() {
  return (
    <div role="img" aria-label="Loading the site" className="animate-late">
      <div className="h-8 w-56 rounded-full bg-wash" />
      <div className="mt-4 h-4 w-72 max-w-full rounded-full bg-wash" />
      <div className="mt-10 h-32 rounded-card bg-wash" />
    </div>
  );
}
