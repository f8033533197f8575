// `/admin/costs`: nothing is measured yet, and this page says so instead of showing zeros.

import { Link } from '@tanstack/react-router';
import { PageHead } from '@/features/admin/PageHead';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';

export function CostsRoute() {
  useTitle('Costs');
  return (
    <>
      <PageHead title="Costs">What the platform spends, and for whom.</PageHead>
      <EmptyState
        title="Costs are not measured on this platform yet"
        action={
          <Link to="/admin/tenants" className={buttonLook('secondary')}>
            See sites and their sizes
          </Link>
        }
      >
        <p>Sites run on this machine, which sends no bill. Once costs are measured, this page will show:</p>
        <ul className="mt-4 grid gap-2 text-left">
          {COMING.map((one) => (
            <li key={one} className="flex gap-3">
              <span aria-hidden="true" className="mt-2.5 size-1 shrink-0 rounded-full bg-soft" />
              {one}
            </li>
          ))}
        </ul>
      </EmptyState>
    </>
  );
}

const COMING = [
  'spend of each site this month, and where the month will end',
  'spend that belongs to no site, which should be nothing',
  'what the assistant’s model costs, apart from hosting',
  'as of when each figure is true, and where it comes from',
];
