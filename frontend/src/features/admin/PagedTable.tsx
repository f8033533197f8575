// A table that is read page by page, or what is shown instead when it could not be read.

import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { type Column, DataTable } from '@/ui/DataTable';
import { Trouble } from './Trouble';

type PagedTableProps<Row> = {
  /** What the rows are, as a heading: "Users". */
  label: string;
  query: UseInfiniteQueryResult<Row[]>;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  empty: React.ReactNode;
};

export function PagedTable<Row>({ query, ...table }: PagedTableProps<Row>) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (error && !data) return <Trouble what={table.label} error={error} again={() => void refetch()} />;
  const more = hasNextPage ? { isBusy: isFetchingNextPage, onMore: () => void fetchNextPage() } : undefined;
  return (
    <>
      <p role="status" className="sr-only">
        {data && `${data.length}${hasNextPage ? ' and more' : ''} shown`}
      </p>
      <DataTable rows={data} isLoading={!data} more={more} {...table} />
    </>
  );
}
