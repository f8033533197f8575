// The secrets of every site: what they are called, how old they are, how they end. Values never leave the vault.

import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { allSecretsQuery, type SecretOfSite } from '@/api/admin';
import { ago } from '@/lib/format';
import type { Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Moment } from './Moment';
import { PagedTable } from './PagedTable';

type SecretListProps = { linkSite: (site: SecretOfSite['tenant']) => ReactNode };

export function SecretList({ linkSite }: SecretListProps) {
  const query = useInfiniteQuery(allSecretsQuery);
  const columns: Column<SecretOfSite>[] = [
    { key: 'name', header: 'Name', cell: ({ name }) => <code className="font-medium wrap-anywhere">{name}</code> },
    { key: 'site', header: 'Site', cell: ({ tenant }) => linkSite(tenant) },
    { key: 'ends', header: 'Ends with', cell: ({ last_four }) => <LastFour text={last_four} /> },
    { key: 'version', header: 'Version', align: 'right', cell: ({ version }) => version },
    { key: 'age', header: 'Set', cell: ({ set_at }) => <Moment at={set_at}>{ago(set_at)}</Moment> },
    { key: 'by', header: 'By', cell: ({ set_by }) => <span className="wrap-anywhere">{set_by.email}</span> },
  ];
  return (
    <PagedTable
      label="Secrets"
      query={query}
      columns={columns}
      rowKey={({ tenant, name }) => `${tenant.id} ${name}`}
      empty={
        <EmptyState title="No site has a secret yet">
          Keys that owners give their sites are listed here by name, with their version and age. Values cannot be read
          by anybody.
        </EmptyState>
      }
    />
  );
}

function LastFour({ text }: { text: string | null }) {
  if (!text) return <span className="text-soft">Hidden</span>;
  return (
    <code>
      <span aria-hidden="true" className="text-soft">
        ••••
      </span>
      {text}
    </code>
  );
}
