// The site whose page is shown: found once by the frame around its pages, known to each of them.

import { createContext, use } from 'react';
import type { Tenant } from '@/api/types';

export const SiteHere = createContext<Tenant | null>(null);

/** The site of this page. Only pages inside the frame of a site may ask. */
export function useSite(): Tenant {
  const site = use(SiteHere);
  if (!site) throw new Error('asked for the site outside of a site’s pages');
  return site;
}
