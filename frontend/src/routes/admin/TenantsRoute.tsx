// `/admin/tenants`: every site on the platform. What is searched and filtered stands in the address.

import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { PageHead } from '@/features/admin/PageHead';
import { TenantFilters } from '@/features/admin/TenantFilters';
import { TenantList } from '@/features/admin/TenantList';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { LINK } from './look';
import { siteFilters, withoutEmpty } from './search';

const here = getRouteApi('/admin/tenants');

export function TenantsRoute() {
  useTitle('All sites');
  const filters = siteFilters(here.useSearch());
  const navigate = useNavigate();
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHead title="Sites">Everybody’s sites, newest first.</PageHead>
      <TenantFilters
        filters={filters}
        onChange={(change) => {
          const search = siteFilters(withoutEmpty({ ...filters, ...change }));
          void navigate({ to: '/admin/tenants', search, replace: true });
        }}
      />
      <TenantList
        filters={filters}
        onOpen={({ slug }) => void navigate({ to: '/admin/tenants/$id', params: { id: slug } })}
        linkSite={({ slug, name }) => (
          <Link to="/admin/tenants/$id" params={{ id: slug }} className={LINK}>
            {name}
          </Link>
        )}
        linkOwner={({ id, email }) => (
          <Link to="/admin/users/$id" params={{ id }} className="rounded-sm wrap-anywhere hover:underline">
            {email}
          </Link>
        )}
        empty={isFiltered ? <NoneFound /> : <NoneYet />}
      />
    </>
  );
}

function NoneFound() {
  return (
    <EmptyState
      title="No site matches"
      action={
        <Link to="/admin/tenants" className={buttonLook('secondary')}>
          Show all sites
        </Link>
      }
    >
      Names and addresses are searched, also parts of them.
    </EmptyState>
  );
}

function NoneYet() {
  return (
    <EmptyState
      title="There is no site yet"
      action={
        <Link to="/" className={buttonLook('primary')}>
          Create the first
        </Link>
      }
    >
      Every site anybody makes on this platform is listed here.
    </EmptyState>
  );
}
