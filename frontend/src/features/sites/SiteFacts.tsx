// What is so about a site, in words: how it is, since when, whose it is, what it costs, where it runs.

import type { ReactNode } from 'react';
import type { Tenant } from '@/api/types';
import { cloudCalled } from '@/lib/clouds';
import { stateInWords } from './siteState';

export function SiteFacts({ site, size }: { site: Tenant; size: ReactNode }) {
  return (
    <dl className="grid gap-4 text-sm sm:grid-cols-2 lg:grid-cols-1">
      <Fact name="State">{stateInWords(site)}</Fact>
      <Fact name="Owner">
        <span className="wrap-anywhere">
          {site.owner.email}
          {site.access === 'member' && ', who shares it with you and alone opens WP Admin'}
        </span>
      </Fact>
      <Fact name="Size">{size}</Fact>
      <Fact name="Runs on">
        {cloudCalled(site.cloud)}
        {site.moving_to && `, on its way to ${cloudCalled(site.moving_to)}`}
      </Fact>
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
