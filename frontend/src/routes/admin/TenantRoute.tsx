// `/admin/tenants/$id`: one site, by its id or the first word of its address.

import { Link, useParams } from '@tanstack/react-router';
import { TenantView } from '@/features/admin/TenantView';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Back } from './Back';
import { LINK } from './look';

export function TenantRoute() {
  useTitle('Site');
  const { id = '' } = useParams({ strict: false });
  return (
    <>
      <Back to="/admin/tenants">Sites</Back>
      <TenantView
        key={id}
        id={id}
        openPages={({ slug }) => (
          <Link to="/sites/$site" params={{ site: slug }} className={buttonLook('primary')}>
            Open its pages
          </Link>
        )}
        linkUser={({ id: user, email }) => (
          <Link to="/admin/users/$id" params={{ id: user }} className={LINK}>
            {email}
          </Link>
        )}
        linkAudit={({ id: subject }) => (
          <Link to="/admin/audit" search={{ subject }} className={LINK}>
            What was done to this site
          </Link>
        )}
        missing={<NoSuchSite />}
      />
    </>
  );
}

function NoSuchSite() {
  return (
    <>
      <h1 className="sr-only">No such site</h1>
      <EmptyState
        title="There is no such site"
        action={
          <Link to="/admin/tenants" className={buttonLook('secondary')}>
            See all sites
          </Link>
        }
      >
        It may have been deleted. The log still says what was done to it.
      </EmptyState>
    </>
  );
}
