// What was done, with the sites and operations it is about: three reads that every list of it shares.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { meQuery } from '@/api/me';
import { tenantsQuery } from '@/api/queries';
import { auditQuery, latestOperationsQuery, type Sought } from '@/api/sites';
import type { Audit } from '@/api/types';

export function useActivity(sought: Sought, limit?: number) {
  const activity = useInfiniteQuery(auditQuery(sought, limit));
  const { data: me } = useQuery(meQuery);
  const { data: sites } = useInfiniteQuery(tenantsQuery);
  const { data: operations } = useQuery(latestOperationsQuery(sought.subject));
  const siteOf = useMemo(() => new Map(sites?.map((site) => [site.id, site])), [sites]);
  /** What a site was called that is gone: its operations remember. */
  const nameOf = useMemo(() => new Map(operations?.map(({ tenant }) => [tenant.id, tenant.name])), [operations]);
  const operationOf = useMemo(() => new Map(operations?.map((one) => [one.id, one])), [operations]);
  const rowOf = (entry: Audit) => ({
    entry,
    me: me?.principal.id,
    site: siteOf.get(entry.subject),
    formerName: nameOf.get(entry.subject) ?? (sites && operations ? undefined : 'a site'),
    operation: operationOf.get(entry.detail.operation ?? ''),
  });
  return { ...activity, rowOf };
}
