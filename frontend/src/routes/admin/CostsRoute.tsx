// `/admin/costs`: what every site cost this month, and what is nobody's.

import { PageHead } from '@/features/admin/PageHead';
import { PlatformBill } from '@/features/costs/PlatformBill';
import { useTitle } from '@/lib/page';

export function CostsRoute() {
  useTitle('Costs');
  return (
    <>
      <PageHead title="Costs">What the platform spends, and for whom.</PageHead>
      <PlatformBill />
    </>
  );
}
