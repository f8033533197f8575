// A list of what cost how much, in one currency, as the server sorted it. On a narrow screen too each is one line.

import { amountOf } from './amount';

type AmountsProps = { label: string; what: string; currency: string; rows: Row[] };
/** Two may have one name: a site that was deleted, and another one made in its place. */
type Row = { name: string; amount: string; id?: string };

export function Amounts({ label, what, currency, rows }: AmountsProps) {
  return (
    <table aria-label={label} className="w-full text-sm">
      <thead>
        <tr className="border-b border-line text-soft">
          <th scope="col" className="py-3 pr-3 text-left font-medium">
            {what}
          </th>
          <th scope="col" className="py-3 text-right font-medium">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, amount, id = name }) => (
          <tr key={id} className="border-b border-line">
            <td className="py-3 pr-3 wrap-anywhere">{name}</td>
            <td className="py-3 text-right whitespace-nowrap tabular-nums">{amountOf(amount, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
