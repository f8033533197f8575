// A site's budget: what of it is spent, and the form that sets it. Nothing is ever stopped because of one.

import { lazy, Suspense, useState } from 'react';
import type { Budget } from '@/api/costs';
import { Button } from '@/ui/Button';
import { StatusLine } from '@/ui/StatusLine';
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
      {budget && budget.spent_percent >= 100 && (
        <div className="mt-3 max-w-xl">
          <StatusLine tone="bad">This month’s budget is used up.</StatusLine>
        </div>
      )}
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
  return `${spent_percent} % of ${amountOf(amount, currency)} a month is spent. ${mail(next, spent_percent)}`;
}

function mail(next: number | undefined, spent: number): string {
  if (next === undefined) return 'Its owner has mail of that.';
  return spent >= next ? 'Mail of that goes out when costs are counted next.' : `Mail goes out at ${next} %.`;
}
