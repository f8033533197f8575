// `/sites/$site/costs`. What a site costs is the price of its size; what it uses is not metered yet.

import { SizeInWords } from '@/features/sites/SizeInWords';
import { EmptyState } from '@/ui/EmptyState';
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
        .
      </p>
      <EmptyState title="No usage is metered yet">
        What this site has used this month, a forecast, and why it changed will stand here. Nothing beyond the price
        above is charged.
      </EmptyState>
    </Tab>
  );
}
