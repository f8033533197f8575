// A domain in an answer: as it is now, like on its page.

import { useQuery } from '@tanstack/react-query';
import { domainsQuery } from '@/api/domains';
import { tenantQuery } from '@/api/queries';
import { CardSkeleton } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { DomainCard } from './DomainCard';

export function ChatDomain({ tenant, domain }: { tenant: string; domain: string }) {
  const { data: site } = useQuery(tenantQuery(tenant));
  const { data: domains } = useQuery(domainsQuery(tenant));
  if (!site || !domains) return <CardSkeleton label="Loading the domain" />;
  const found = domains.find((one) => one.domain === domain);
  return found ? <DomainCard site={site} domain={found} /> : <Notice title={`${domain} is not there any more.`} />;
}
