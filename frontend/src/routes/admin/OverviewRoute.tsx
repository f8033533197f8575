// `/admin`: how the platform is.

import { Link } from '@tanstack/react-router';
import { OverviewPage } from '@/features/admin/OverviewPage';
import { PageHead } from '@/features/admin/PageHead';
import { OpenAlerts } from '@/features/alerts/OpenAlerts';
import { useTitle } from '@/lib/page';
import { LINK } from './look';

export function OverviewRoute() {
  useTitle('Admin');
  const linkSite = ({ slug, name }: { slug: string; name: string }) => (
    <Link to="/admin/tenants/$id" params={{ id: slug }} className={LINK}>
      {name}
    </Link>
  );
  return (
    <>
      <PageHead title="Overview" />
      <OverviewPage linkSite={linkSite} alerts={<OpenAlerts linkSite={linkSite} />} />
    </>
  );
}
