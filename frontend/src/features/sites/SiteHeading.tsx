// The head of a site's pages: its name, which can be changed on the spot, how it is, its address, and the way into WordPress.

import { ArrowUpRight } from 'lucide-react';
import { mintLoginLink } from '@/api/commands';
import { sentenceOf } from '@/api/problem';
import type { Tenant } from '@/api/types';
import { Address } from '@/ui/Address';
import { OutsideLink } from '@/ui/Button';
import { OpenElsewhere } from '@/ui/OpenElsewhere';
import { SiteTile } from '@/ui/SiteTile';
import { Status } from '@/ui/Status';
import { SiteName } from './SiteName';
import { SITE_STATES } from './siteState';

export function SiteHeading({ site }: { site: Tenant }) {
  const { tone, word } = SITE_STATES[site.state];
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-4">
      <SiteTile name={site.name} className="size-14 rounded-2xl text-xl" />
      <div className="min-w-0 flex-1 basis-56">
        <SiteName site={site} />
        <div className="flex min-h-8 flex-wrap items-center gap-x-4">
          <Status tone={tone} word={word} />
          {site.state === 'live' && <Address url={site.url} />}
        </div>
      </div>
      {site.state === 'live' && (
        <div className="flex flex-wrap items-center gap-2 max-sm:w-full">
          <OutsideLink kind="primary" href={site.url}>
            Open site
            <ArrowUpRight aria-hidden="true" className="size-4" />
          </OutsideLink>
          {site.access !== 'member' && (
            <OpenElsewhere address={() => mintLoginLink(site.slug)} explain={sentenceOf}>
              WP Admin
            </OpenElsewhere>
          )}
        </div>
      )}
    </div>
  );
}
