// `/sites/$site/domains`: the address every site has from the platform, and the domains of its owner's own.

import { DomainList } from '@/features/domains/DomainList';
import { Address } from '@/ui/Address';
import { Status } from '@/ui/Status';
import { useSite } from './here';
import { Tab } from './Tab';

export function DomainsRoute() {
  const site = useSite();
  return (
    <Tab title="Domains">
      <div className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 rounded-card border border-line p-5">
        <div className="min-w-0">
          <Address url={site.url} />
          <p className="mt-1 text-sm text-soft">
            The platform’s own address for this site. It comes from the name the site was created with, and stays when
            the site is renamed.
          </p>
        </div>
        {site.state === 'live' ? <Status tone="good" word="Answers" /> : <Status tone="off" word="Not up" />}
      </div>
      <DomainList site={site} />
    </Tab>
  );
}
