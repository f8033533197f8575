// `/sites/$site/settings`: its name and size, its environment variables, whom it is shared with, and its end.

import type { ReactNode } from 'react';
import { Secrets } from '@/features/secrets/Secrets';
import { SiteNameForm } from '@/features/sites/SiteNameForm';
import { Sizes } from '@/features/sites/Sizes';
import { useTitle } from '@/lib/page';
import { DeleteSite } from './DeleteSite';
import { useSite } from './here';

export function SettingsRoute() {
  const site = useSite();
  useTitle(`Settings of ${site.name}`);
  return (
    <div className="grid grid-cols-1 gap-12">
      <h2 className="sr-only">Settings</h2>
      <Section title="Name" about="What the site is called in AIPress. Its address and its title in WordPress stay.">
        <SiteNameForm key={site.name} site={site} />
      </Section>
      <Section title="Size" about="How much the site may use, and what that costs.">
        <Sizes site={site} />
      </Section>
      <Section title="Environment variables" about="Keys and settings that plugins and code of this site can read.">
        <Secrets site={site} />
      </Section>
      <Section id="delete" title="Delete" about="The end of the site and of everything in it.">
        <DeleteSite site={site} />
      </Section>
    </div>
  );
}

type SectionProps = { id?: string; title: string; about: string; children: ReactNode };

function Section({ id, title, about, children }: SectionProps) {
  const heading = `settings-${title.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <section
      id={id}
      aria-labelledby={heading}
      className="grid scroll-mt-6 grid-cols-1 gap-x-10 gap-y-4 border-t border-line pt-8 first-of-type:border-0 first-of-type:pt-0 md:grid-cols-[240px_minmax(0,1fr)]"
    >
      <div>
        <h3 id={heading} className="font-semibold tracking-tight">
          {title}
        </h3>
        <p className="mt-1 text-sm text-soft">{about}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
