// What a site costs this month: so far, where the month will end, by service and by day, and why it changed.

import { useQuery } from '@tanstack/react-query';
import { type Bill, siteCostsQuery } from '@/api/costs';
import { sentenceOf } from '@/api/problem';
import { EmptyState } from '@/ui/EmptyState';
import { MetricCard } from '@/ui/MetricCard';
import { Notice } from '@/ui/Notice';
import { AdviceCard } from './AdviceCard';
import { Amounts } from './Amounts';
import { AsOf } from './AsOf';
import { amountOf, dayOf } from './amount';
import { BudgetSection } from './BudgetSection';

export function SiteBill({ slug, maySet }: { slug: string; maySet: boolean }) {
  const { data, error } = useQuery(siteCostsQuery(slug));
  if (error) return <Notice title="Costs can’t be shown just now">{sentenceOf(error)}</Notice>;
  if (!data) return null;
  return (
    <>
      {data.bills.length === 0 && (
        <EmptyState title="Nothing is counted for this month yet">
          What the site used, a forecast, and why it changed will stand here.
        </EmptyState>
      )}
      {data.bills.map((bill) => (
        <OneBill key={bill.currency} bill={bill} />
      ))}
      <div className="mt-8">
        <AdviceCard slug={slug} />
      </div>
      <BudgetSection slug={slug} budget={data.budget} maySet={maySet} />
      {data.bills.map(({ currency, by_day }) => (
        <div key={currency} className="mt-8">
          <Amounts
            label="By day"
            what="Day (UTC)"
            currency={currency}
            rows={by_day.map(({ day, amount }) => ({ name: dayOf(day), amount }))}
          />
        </div>
      ))}
      <AsOf time={data.as_of} />
    </>
  );
}

function OneBill({ bill }: { bill: Bill }) {
  const { currency, forecast, change } = bill;
  return (
    <div className="grid gap-8">
      <div className="grid gap-4 sm:grid-cols-2">
        <MetricCard
          label="This month so far"
          value={amountOf(bill.month_to_date, currency)}
          change={change ? against(change, currency) : undefined}
        />
        {forecast && (
          <MetricCard label="Forecast" value={amountOf(forecast.amount, currency)} change={forecast.basis} />
        )}
      </div>
      {change && change.reasons.length > 0 && <Reasons change={change} currency={currency} />}
      <Amounts
        label="By service"
        what="Service"
        currency={currency}
        rows={bill.by_service.map(({ service, amount }) => ({ name: service, amount }))}
      />
    </div>
  );
}

type Change = NonNullable<Bill['change']>;

function Reasons({ change, currency }: { change: Change; currency: string }) {
  return (
    <section aria-labelledby="why">
      <h3 id="why" className="mb-2 font-medium">
        Why it changed
      </h3>
      <ul className="grid gap-1 text-sm">
        {change.reasons.slice(0, 5).map(({ service, sku, unit, difference, text }) => (
          <li key={`${service} ${sku} ${unit}`}>
            <span className="tabular-nums">{amountOf(difference, currency)}</span> · {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function against({ difference, through_day }: Change, currency: string): string {
  const days = through_day === 1 ? 'first day' : `first ${through_day} days`;
  const more = difference.startsWith('-') ? 'less' : 'more';
  return `${amountOf(difference.replace('-', ''), currency)} ${more} than in the ${days} of the month before`;
}
