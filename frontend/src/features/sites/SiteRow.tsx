// One site in a list: name, state, address, the way into WordPress. On the page of all sites its name leads to its own page.

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { mintLoginLink } from '@/api/commands';
import { sentenceOf } from '@/api/problem';
import type { Tenant } from '@/api/types';
import { Address } from '@/ui/Address';
import { OpenElsewhere } from '@/ui/OpenElsewhere';
import { SiteTile } from '@/ui/SiteTile';
import { Status } from '@/ui/Status';
import { SITE_STATES } from './siteState';

export function SiteRow({ site, menu }: { site: Tenant; menu?: ReactNode }) {
  const { tone, word } = SITE_STATES[site.state];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 py-4">
      <SiteTile name={site.name} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          <Link
            to="/sites/$site"
            params={{ site: site.slug }}
            className="rounded-sm underline-offset-4 hover:underline"
          >
            {site.name}
          </Link>
          {site.access === 'member' && <span className="text-sm font-normal text-soft"> · {site.owner.email}</span>}
        </p>
        {site.state === 'live' ? <Address url={site.url} /> : <p className="truncate text-sm text-soft">{site.slug}</p>}
      </div>
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-4 max-sm:w-full max-sm:pl-14">
        <Status tone={tone} word={word} className="sm:w-32" />
        <span className="flex items-center gap-1">
          {site.state === 'live' && site.access !== 'member' && (
            <OpenElsewhere
              address={() => mintLoginLink(site.slug)}
              explain={sentenceOf}
              label={`WP Admin of ${site.name}`}
            >
              WP Admin
            </OpenElsewhere>
          )}
          {menu}
        </span>
      </div>
    </li>
  );
}
