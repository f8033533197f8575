// `/admin/audit`: everything that was done here, by whom, and whether that record is whole. What is looked for stands in the address.

import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { AuditFilters as Filters } from '@/api/admin';
import { AuditFilters } from '@/features/admin/AuditFilters';
import { AuditList } from '@/features/admin/AuditList';
import { ExportAudit } from '@/features/admin/ExportAudit';
import { PageHead } from '@/features/admin/PageHead';
import { Verdict } from '@/features/admin/Verdict';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { auditFilters, withoutEmpty } from './search';

const here = getRouteApi('/admin/audit');

export function AuditRoute() {
  useTitle('Audit');
  const filters = auditFilters(here.useSearch());
  const navigate = useNavigate();
  const change = (changed: Filters) =>
    void navigate({ to: '/admin/audit', search: withoutEmpty({ ...filters, ...changed }), replace: true });
  return (
    <>
      <PageHead title="Audit" action={<ExportAudit filters={filters} />}>
        Who did what on this platform. Entries are only ever added, each sealed to the one before.
      </PageHead>
      <div className="grid gap-6">
        <Verdict />
        <AuditFilters filters={filters} onChange={change} />
        <AuditList filters={filters} onFilter={change} empty={<NothingFound />} />
      </div>
    </>
  );
}

function NothingFound() {
  return (
    <EmptyState
      title="Nothing in the log matches"
      action={
        <Link to="/admin/audit" className={buttonLook('secondary')}>
          Show everything
        </Link>
      }
    >
      Addresses and ids are matched exactly. Choose less, or look at the whole log.
    </EmptyState>
  );
}
