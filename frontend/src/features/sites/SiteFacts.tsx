// What is so about a site, in words: how it is, since when, whose it is, what it costs.

import type { ReactNode } from 'react';
import type { Tenant } from '@/api/types';
import { stateInWords } from './siteState';

export function SiteFacts({ site, size }: { site: Tenant; size: ReactNode }) {
  return (
    <dl className="grid gap-4 text-sm sm:grid-cols-3 lg:grid-cols-1">
      <Fact name="State">{stateInWords(site)}</Fact>
      <Fact name="Owner">
        <span className="wrap-anywhere">
          {site.owner.email}
          {site.access === 'member' && ', who shares it with you and alone opens WP Admin'}
        </span>
      </Fact>
      <Fact name="Size">{size}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-soft">{name}</dt>
      <dd className="mt-1">{children}</dd>
    </div>
  );
}
