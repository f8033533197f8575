// One site in a list: name, state, address, the way into WordPress.

import { mintLoginLink } from '@/api/commands';
import { sentenceOf } from '@/api/problem';
import type { Tenant } from '@/api/types';
import { Address } from '@/ui/Address';
import { OpenElsewhere } from '@/ui/OpenElsewhere';
import { SiteTile } from '@/ui/SiteTile';
import { Status } from '@/ui/Status';
import { SITE_STATES } from './siteState';

export function SiteRow({ site }: { site: Tenant }) {
  const { tone, word } = SITE_STATES[site.state];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 py-4">
      <SiteTile name={site.name} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{site.name}</p>
        {site.url && site.state !== 'removed' ? <Address url={site.url} /> : null}
      </div>
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-4 max-sm:w-full max-sm:pl-14">
        <Status tone={tone} word={word} className="sm:w-32" />
        {site.state === 'live' && (
          <OpenElsewhere
            address={() => mintLoginLink(site.slug)}
            explain={sentenceOf}
            label={`WP Admin of ${site.name}`}
          >
            WP Admin
          </OpenElsewhere>
        )}
      </div>
    </li>
  );
}
