// `/sites/$site/costs`: the price of its size, and what it cost this month.

import { SiteBill } from '@/features/costs/SiteBill';
import { SizeInWords } from '@/features/sites/SizeInWords';
import { useSite } from './here';
import { Tab } from './Tab';

export function CostsRoute() {
  const site = useSite();
  return (
    <Tab title="Costs">
      <p className="mb-6 text-sm text-soft">
        The price of its size:{' '}
        <strong className="font-medium text-ink">
          <SizeInWords size={site.tier} />
        </strong>
        . It includes what a site of this size usually uses.
      </p>
      <SiteBill slug={site.slug} maySet={site.access !== 'member'} />
    </Tab>
  );
}
