// Every site on the platform: whose it is, how it is, how large, since when.

import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { allSitesQuery, type SiteFilters } from '@/api/adminSites';
import type { Tenant } from '@/api/types';
import { ago, readableAddress } from '@/lib/format';
import type { Column } from '@/ui/DataTable';
import { Status } from '@/ui/Status';
import { Moment } from './Moment';
import { PagedTable } from './PagedTable';
import { SITE_STATES, TIERS } from './siteWords';

type TenantListProps = {
  filters: SiteFilters;
  linkSite: (site: Tenant) => ReactNode;
  linkOwner: (owner: Tenant['owner']) => ReactNode;
  onOpen: (site: Tenant) => void;
  empty: ReactNode;
};

export function TenantList({ filters, linkSite, linkOwner, onOpen, empty }: TenantListProps) {
  const query = useInfiniteQuery(allSitesQuery(filters));
  const columns: Column<Tenant>[] = [
    { key: 'site', header: 'Site', cell: (site) => <Site site={site}>{linkSite(site)}</Site> },
    { key: 'owner', header: 'Owner', cell: ({ owner }) => linkOwner(owner) },
    { key: 'state', header: 'State', cell: ({ state }) => <Status {...SITE_STATES[state]} /> },
    { key: 'tier', header: 'Tier', cell: ({ tier }) => TIERS[tier] },
    { key: 'created', header: 'Created', cell: ({ created_at }) => <Moment at={created_at}>{ago(created_at)}</Moment> },
  ];
  return (
    <PagedTable label="Sites" query={query} columns={columns} rowKey={({ id }) => id} onOpen={onOpen} empty={empty} />
  );
}

function Site({ site: { url, slug }, children }: { site: Tenant; children: ReactNode }) {
  return (
    <span className="block min-w-0 wrap-anywhere">
      {children}
      <span className="block text-soft">{url ? readableAddress(url) : slug}</span>
    </span>
  );
}
