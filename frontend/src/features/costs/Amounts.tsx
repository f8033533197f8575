// A list of what cost how much, in one currency, as the server sorted it.

import { DataTable } from '@/ui/DataTable';
import { amountOf } from './amount';

type AmountsProps = { label: string; what: string; currency: string; rows: { name: string; amount: string }[] };

export function Amounts({ label, what, currency, rows }: AmountsProps) {
  return (
    <DataTable
      label={label}
      columns={[
        { key: 'name', header: what, cell: ({ name }) => name },
        { key: 'amount', header: currency, align: 'right', cell: ({ amount }) => amountOf(amount, currency) },
      ]}
      rows={rows}
      rowKey={({ name }) => name}
      empty={null}
      isLoading={false}
    />
  );
}
