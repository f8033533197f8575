// The addresses of one's own sites, as far as something on the page has read them. The client is handed in: this file is loaded lazily,
// and what it shared with the first page would become one more file of that.

import type { QueryCache, QueryClient } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import type { Tenant } from './types';

/** Changes as sites are read. Sites of others are not among them, also not for those who may see them. */
export function useOwnAddresses(queryClient: QueryClient): string[] {
  const cache = queryClient.getQueryCache();
  const known = useSyncExternalStore(
    (tell) => cache.subscribe(tell),
    () => addressesIn(cache).join('\n'),
  );
  return useMemo(() => known.split('\n'), [known]);
}

function addressesIn(cache: QueryCache): string[] {
  const sites = [
    ...cache.findAll({ queryKey: ['tenant'] }).map(({ state }) => state.data),
    ...cache.findAll({ queryKey: ['tenants'] }).flatMap(({ state }) => sitesOf(state.data)),
  ];
  return [...new Set(sites.filter(isOwn).map(({ url }) => url))];
}

/** The sites in a list, whether it came at once or page by page. */
function sitesOf(list: unknown): unknown[] {
  const { pages = [list] } = (list ?? {}) as { pages?: unknown[] };
  return pages.flatMap((page) => (page as { items?: unknown[] } | undefined)?.items ?? []);
}

function isOwn(site: unknown): site is Tenant {
  return (site as Tenant | undefined)?.access === 'owner';
}
