// `/sites/$site/settings`: its name and size, its cache, its environment variables, whom it is shared with, and its end.

import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Tenant } from '@/api/types';
import { Secrets } from '@/features/secrets/Secrets';
import { Members } from '@/features/sharing/Members';
import { ClearCache } from '@/features/sites/ClearCache';
import { SiteNameForm } from '@/features/sites/SiteNameForm';
import { Sizes } from '@/features/sites/Sizes';
import { useTitle } from '@/lib/page';
import { DeleteSite } from './DeleteSite';
import { useSite } from './here';

export function SettingsRoute() {
  const site = useSite();
  const navigate = useNavigate();
  const isMember = site.access === 'member';
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
      <Section
        title="Page cache"
        about="Visitors get pages that were made before. What you change in WordPress clears them by itself."
      >
        <ClearCache site={site} />
      </Section>
      <Section title="Environment variables" about="Keys and settings that plugins and code of this site can read.">
        {isMember ? <OnlyTheOwner site={site} may="see and set them" /> : <Secrets site={site} />}
      </Section>
      <Section title="Sharing" about="Who may see this site and work on it.">
        <Members site={site} onLeft={() => void navigate({ to: '/sites' })} />
      </Section>
      <Section id="delete" title="Delete" about="The end of the site and of everything in it.">
        {isMember ? <OnlyTheOwner site={site} may="delete it" /> : <DeleteSite site={site} />}
      </Section>
    </div>
  );
}

function OnlyTheOwner({ site, may }: { site: Tenant; may: string }) {
  return (
    <p className="text-sm text-soft">
      Only the owner can {may}. Ask {site.owner.email}.
    </p>
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
