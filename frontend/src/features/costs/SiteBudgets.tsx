// All budgets, the fullest first, and one site's to set.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type PlatformCosts, siteCostsQuery } from '@/api/costs';
import { DataTable } from '@/ui/DataTable';
import { Select } from '@/ui/Select';
import { amountOf } from './amount';
import { BudgetSection } from './BudgetSection';

export function SiteBudgets({ budgets, sites }: { budgets: PlatformCosts['budgets']; sites: NamedSite[] }) {
  const [slug, setSlug] = useState('');
  const named = new Map([...sites, ...budgets].map((one) => [one.slug, `${one.name} (${one.slug})`]));
  const options = [...named].map(([value, label]) => ({ value, label }));
  return (
    <section aria-labelledby="budgets" className="mt-8">
      <h2 id="budgets" className="mb-3 text-lg font-semibold tracking-tight">
        Budgets
      </h2>
      {budgets.length > 0 && <Table budgets={budgets} />}
      {options.length > 0 && (
        <div className="mt-4 max-w-xl">
          <Select
            label="Set the budget of"
            value={slug}
            options={[{ value: '', label: 'Choose a site' }, ...options]}
            onChange={setSlug}
          />
        </div>
      )}
      {slug && <Chosen key={slug} slug={slug} />}
    </section>
  );
}

export type NamedSite = { name: string; slug: string };

function Table({ budgets }: { budgets: PlatformCosts['budgets'] }) {
  return (
    <DataTable
      label="Budgets"
      columns={[
        { key: 'site', header: 'Site', cell: ({ name, slug }) => `${name} (${slug})` },
        {
          key: 'amount',
          header: 'A month',
          align: 'right',
          cell: ({ amount, currency }) => amountOf(amount, currency),
        },
        { key: 'spent', header: 'Spent', align: 'right', cell: ({ spent_percent }) => `${spent_percent} %` },
      ]}
      rows={budgets}
      rowKey={({ tenant }) => tenant}
      empty={null}
      isLoading={false}
    />
  );
}

function Chosen({ slug }: { slug: string }) {
  const { data } = useQuery(siteCostsQuery(slug));
  return data ? <BudgetSection slug={slug} budget={data.budget} maySet /> : null;
}
