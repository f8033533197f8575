// All domains of a site, and the way to one more.

import { useQuery } from '@tanstack/react-query';
import { domainsQuery } from '@/api/domains';
import type { Tenant } from '@/api/types';
import { CardSkeleton } from '@/ui/Card';
import { EmptyState } from '@/ui/EmptyState';
import { Notice } from '@/ui/Notice';
import { AddDomain } from './AddDomain';
import { DomainCard } from './DomainCard';

export function DomainList({ site }: { site: Tenant }) {
  const { data: domains, isError } = useQuery(domainsQuery(site.slug));
  if (isError) return <Notice title="The domains of this site cannot be shown right now." />;
  if (!domains) return <CardSkeleton label="Loading domains" />;
  const mayAdd = site.access !== 'member' && site.state === 'live';
  return (
    <>
      {mayAdd && <AddDomain site={site} />}
      {domains.length === 0 && (
        <EmptyState title="No domain of your own">
          Add one you have, and its DNS records to set are shown here, with what is found of them.
        </EmptyState>
      )}
      <div className="grid gap-4">
        {domains.map((domain) => (
          <DomainCard key={domain.domain} site={site} domain={domain} />
        ))}
      </div>
    </>
  );
}
