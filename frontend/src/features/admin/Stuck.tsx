// Work that ought to have ended by now.

import type { ReactNode } from 'react';
import type { Overview } from '@/api/health';
import type { Operation } from '@/api/types';
import { type Column, DataTable } from '@/ui/DataTable';
import { StatusLine } from '@/ui/StatusLine';
import { Moment } from './Moment';

type StuckProps = { operations: Overview['operations']['stuck']; linkSite: (site: Operation['tenant']) => ReactNode };
type Row = StuckProps['operations'][number];

export function Stuck({ operations, linkSite }: StuckProps) {
  const columns: Column<Row>[] = [
    { key: 'site', header: 'Site', cell: ({ tenant }) => linkSite(tenant) },
    { key: 'kind', header: 'Work', cell: ({ kind }) => WORK[kind] },
    { key: 'step', header: 'Stands at', cell: stoodAt },
    { key: 'since', header: 'Begun', cell: ({ created_at }) => <Moment at={created_at} /> },
  ];
  return (
    <section aria-labelledby="stuck">
      <h2 id="stuck" className="mb-3 font-semibold tracking-tight">
        Stuck
      </h2>
      <DataTable
        label="Stuck operations"
        columns={columns}
        rows={operations}
        rowKey={({ id }) => id}
        isLoading={false}
        empty={<StatusLine tone="good">Nothing is stuck: all work under way goes on.</StatusLine>}
      />
    </section>
  );
}

const WORK: Record<Row['kind'], string> = {
  provision: 'Creating',
  remove: 'Deleting',
  rename: 'Renaming',
  purge: 'Clearing the cache of',
  move: 'Moving',
  add_domain: 'Connecting a domain to',
  remove_domain: 'Disconnecting a domain from',
  adjust: 'Changing',
};

function stoodAt({ steps }: Row): string {
  return steps.find(({ state }) => state === 'running' || state === 'failed')?.label ?? 'Not begun';
}
