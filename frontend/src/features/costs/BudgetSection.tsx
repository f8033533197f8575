// A site's budget: what of it is spent, and the form that sets it. Nothing is ever stopped because of one.

import { lazy, Suspense, useState } from 'react';
import type { Budget } from '@/api/costs';
import { Button } from '@/ui/Button';
import { amountOf } from './amount';

const BudgetForm = lazy(async () => ({ default: (await import('./BudgetForm')).BudgetForm }));

type BudgetSectionProps = { slug: string; budget: Budget | null; maySet: boolean };

export function BudgetSection({ slug, budget, maySet }: BudgetSectionProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-labelledby={`budget-${slug}`} className="mt-8">
      <h3 id={`budget-${slug}`} className="mb-2 font-medium">
        Budget
      </h3>
      <p className="text-sm text-soft">{budget ? inWords(budget) : 'There is none. With one, mail says in time.'}</p>
      {maySet && !isOpen && (
        <Button className="mt-3" onClick={() => setOpen(true)}>
          {budget ? 'Change the budget' : 'Set a budget'}
        </Button>
      )}
      {isOpen && (
        <Suspense>
          <BudgetForm slug={slug} budget={budget} onDone={() => setOpen(false)} />
        </Suspense>
      )}
    </section>
  );
}

function inWords({ amount, currency, spent_percent, thresholds, told }: Budget): string {
  const next = thresholds.find((one) => !told.includes(one));
  const mail = next === undefined ? 'Every threshold was told.' : `Mail goes out at ${next} %.`;
  return `${spent_percent} % of ${amountOf(amount, currency)} a month is spent. ${mail}`;
}
