// Where the platform could spend less: every site with something to save, and commitments that would have paid.

import { useQuery } from '@tanstack/react-query';
import { type PlatformAdvice, platformAdviceQuery } from '@/api/costs';
import { DataTable } from '@/ui/DataTable';
import { Way } from './AdviceCard';
import { amountOf } from './amount';

export function PlatformAdviceList() {
  const { data } = useQuery(platformAdviceQuery);
  if (!data) return null;
  const sums = data.savings.map(({ amount, currency }) => amountOf(amount, currency)).join(' and ');
  return (
    <section aria-labelledby="advice" className="mt-8">
      <h2 id="advice" className="mb-2 text-lg font-semibold tracking-tight">
        What could cost less
      </h2>
      <p className="text-sm text-soft">{sums ? `${sums} a month in all.` : 'Nothing is known to save.'}</p>
      <ul className="mt-3 grid gap-4">
        {data.sites.map((site) => (
          <li key={site.tenant}>
            <h3 className="text-sm font-medium">
              {site.name} ({site.slug})
            </h3>
            <ul className="mt-1 grid gap-2">
              {site.items.map((item) => (
                <Way key={`${item.kind} ${item.text}`} item={item} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {data.commitments.length > 0 && <Commitments offers={data.commitments} />}
    </section>
  );
}

function Commitments({ offers }: { offers: PlatformAdvice['commitments'] }) {
  return (
    <div className="mt-6">
      <DataTable
        label="Commitments that would have paid"
        columns={[
          { key: 'what', header: 'Promise', cell: ({ service, years }) => `${service}, ${years} years` },
          { key: 'day', header: 'A day', align: 'right', cell: ({ a_day, currency }) => amountOf(a_day, currency) },
          {
            key: 'steady',
            header: 'Steady part',
            align: 'right',
            cell: ({ steady_percent }) => `${Math.floor(Number(steady_percent))} %`,
          },
          {
            key: 'from',
            header: 'Pays from',
            align: 'right',
            cell: ({ pays_from_percent }) => `${Number(pays_from_percent)} % used`,
          },
          {
            key: 'saving',
            header: 'Saves in 30 days',
            align: 'right',
            cell: ({ saving, currency }) => amountOf(saving, currency),
          },
        ]}
        rows={offers}
        rowKey={({ service, years, discount_percent }) => `${service} ${years} ${discount_percent}`}
        empty={null}
        isLoading={false}
      />
    </div>
  );
}
