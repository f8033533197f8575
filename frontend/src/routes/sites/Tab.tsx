// One page of a site below its tabs: a heading, and what there is.

import type { ReactNode } from 'react';
import { mintLoginLink } from '@/api/commands';
import { sentenceOf } from '@/api/problem';
import { useTitle } from '@/lib/page';
import { OpenElsewhere } from '@/ui/OpenElsewhere';
import { useSite } from './here';

export function Tab({ title, children }: { title: string; children: ReactNode }) {
  useTitle(`${title} of ${useSite().name}`);
  return (
    <section aria-labelledby="tab">
      <h2 id="tab" className="mb-4 text-lg font-semibold tracking-tight">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** The way into this site's WordPress, where it is up and for whom it is open. */
export function WordPressButton() {
  const site = useSite();
  if (site.state !== 'live' || site.access === 'member') return null;
  return (
    <OpenElsewhere address={() => mintLoginLink(site.slug)} explain={sentenceOf} label={`WP Admin of ${site.name}`}>
      WP Admin
    </OpenElsewhere>
  );
}
