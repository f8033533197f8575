// `/sites`: every site, with its state and the ways to it.

import { Link } from '@tanstack/react-router';
import { SitesList } from '@/features/sites/SitesList';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';

export function SitesRoute() {
  useTitle('Sites');
  const create = (
    <Link to="/" className={buttonLook('primary')}>
      Create with chat
    </Link>
  );
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-[944px] px-4 py-10 sm:px-6">
        <div className="mb-8 flex items-center justify-between gap-4">
          <h1 className="text-3xl font-semibold tracking-tight">Sites</h1>
          <Link to="/" className={buttonLook('secondary')}>
            New site
          </Link>
        </div>
        <SitesList create={create} />
      </div>
    </div>
  );
}
