// `/admin`: how the platform is.

import { Link } from '@tanstack/react-router';
import { OverviewPage } from '@/features/admin/OverviewPage';
import { PageHead } from '@/features/admin/PageHead';
import { useTitle } from '@/lib/page';
import { LINK } from './look';

export function OverviewRoute() {
  useTitle('Admin');
  return (
    <>
      <PageHead title="Overview" />
      <OverviewPage
        linkSite={({ slug, name }) => (
          <Link to="/admin/tenants/$id" params={{ id: slug }} className={LINK}>
            {name}
          </Link>
        )}
      />
    </>
  );
}
