// Rows the server has sorted and paged. A real table; on a narrow screen each row is a card of its own, still read as a table.

import clsx from 'clsx';
import type { ReactNode } from 'react';
import { Button } from './Button';
import { Menu, type MenuItem } from './Menu';

/** Said aloud, because laid out as cards browsers would forget that it is a table. */
const ROLE = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  cell: { role: 'cell' },
};

export type Column<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  align?: 'left' | 'right';
};

type DataTableProps<Row> = {
  label: string;
  columns: Column<Row>[];
  rows: Row[] | undefined;
  rowKey: (row: Row) => string;
  rowMenu?: ((row: Row) => { label: string; items: MenuItem[] }) | undefined;
  /** Where a press anywhere on the row leads; the keyboard takes the link in its first cell. */
  onOpen?: ((row: Row) => void) | undefined;
  /** Shown instead of the table when there are no rows. */
  empty: ReactNode;
  isLoading: boolean;
  more?: { isBusy: boolean; onMore: () => void } | undefined;
};

export function DataTable<Row>({ rows, isLoading, empty, more, ...table }: DataTableProps<Row>) {
  if (isLoading || !rows) return <TableSkeleton label={`Loading ${table.label.toLowerCase()}`} />;
  if (rows.length === 0) return empty;
  return (
    <div>
      <Table rows={rows} {...table} />
      {more && (
        <div className="mt-4 flex justify-center">
          <Button busy={more.isBusy} onClick={more.onMore}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

type TableProps<Row> = Omit<DataTableProps<Row>, 'rows' | 'isLoading' | 'empty' | 'more'> & { rows: Row[] };

function Table<Row>({ label, columns, rows, rowKey, rowMenu, onOpen }: TableProps<Row>) {
  return (
    <table {...ROLE.table} aria-label={label} className="w-full text-sm max-sm:block">
      <thead {...ROLE.rowgroup} className="max-sm:sr-only">
        <tr {...ROLE.row} className="border-b border-line">
          {columns.map(({ key, header, align }) => (
            <th
              key={key}
              scope="col"
              className={clsx(
                'px-3 py-3 font-medium text-soft first:pl-0',
                align === 'right' ? 'text-right' : 'text-left',
              )}
            >
              {header}
            </th>
          ))}
          {rowMenu && (
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody {...ROLE.rowgroup} className="max-sm:grid max-sm:grid-cols-[minmax(0,1fr)] max-sm:gap-3">
        {rows.map((row) => (
          <OneRow key={rowKey(row)} {...{ row, columns, rowMenu, onOpen }} />
        ))}
      </tbody>
    </table>
  );
}

type OneRowProps<Row> = Pick<TableProps<Row>, 'columns' | 'rowMenu' | 'onOpen'> & { row: Row };

function OneRow<Row>({ row, columns, rowMenu, onOpen }: OneRowProps<Row>) {
  const menu = rowMenu?.(row);
  return (
    <tr
      {...ROLE.row}
      onClick={onOpen && ((event) => isOnItself(event.currentTarget, event.target) && onOpen(row))}
      className={clsx(
        'border-line transition duration-150 max-sm:relative max-sm:block max-sm:rounded-card max-sm:border max-sm:p-4 sm:border-b',
        onOpen && 'cursor-pointer hover:bg-wash',
      )}
    >
      {columns.map((column) => (
        <Cell key={column.key} column={column} row={row} />
      ))}
      {menu && (
        <td {...ROLE.cell} className="w-10 py-2 max-sm:absolute max-sm:top-2 max-sm:right-2">
          {menu.items.length > 0 && <Menu {...menu} />}
        </td>
      )}
    </tr>
  );
}

function Cell<Row>({ column: { header, cell, align }, row }: { column: Column<Row>; row: Row }) {
  return (
    <td
      {...ROLE.cell}
      data-header={header}
      className={clsx(
        'table-cell-card min-w-0 align-middle sm:px-3 sm:py-3 sm:first:pl-0',
        align === 'right' && 'text-right tabular-nums',
      )}
    >
      {cell(row)}
    </td>
  );
}

/** A press on a link or a button in the row is theirs; one on a dialog or menu opened from it only bubbles here through React. */
function isOnItself(row: Element, target: EventTarget): boolean {
  return (
    target instanceof Element &&
    row.contains(target) &&
    !target.closest('a, button, [role=menu], [role=dialog], input, select')
  );
}

const LINES = ['one', 'two', 'three', 'four'];

function TableSkeleton({ label }: { label: string }) {
  return (
    <div role="img" aria-label={label} className="animate-late">
      {LINES.map((line) => (
        <div key={line} className="flex h-14 items-center gap-6 border-b border-line">
          <div className="h-3 w-40 rounded-full bg-wash" />
          <div className="h-3 w-24 rounded-full bg-wash max-sm:hidden" />
          <div className="ml-auto h-3 w-16 rounded-full bg-wash" />
        </div>
      ))}
    </div>
  );
}
