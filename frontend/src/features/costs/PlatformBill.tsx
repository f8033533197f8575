// What all sites cost this month, and what is nobody's: together that is everything.

import { useQuery } from '@tanstack/react-query';
import { type PlatformBill as Bill, platformCostsQuery } from '@/api/costs';
import { sentenceOf } from '@/api/problem';
import { EmptyState } from '@/ui/EmptyState';
import { MetricCard } from '@/ui/MetricCard';
import { Notice } from '@/ui/Notice';
import { Amounts } from './Amounts';
import { AsOf } from './AsOf';
import { amountOf } from './amount';
import { PlatformAdviceList } from './PlatformAdviceList';
import { type NamedSite, SiteBudgets } from './SiteBudgets';

export function PlatformBill() {
  const { data, error } = useQuery(platformCostsQuery);
  if (error) return <Notice title="Costs can’t be shown just now">{sentenceOf(error)}</Notice>;
  if (!data) return null;
  const sites = data.bills.flatMap((bill) => bill.sites).filter((one): one is typeof one & NamedSite => !!one.slug);
  return (
    <>
      {data.bills.length === 0 && (
        <EmptyState title="Nothing is counted for this month yet">
          What each site cost, and what is nobody’s, will stand here.
        </EmptyState>
      )}
      {data.bills.map((bill) => (
        <OneBill key={bill.currency} bill={bill} />
      ))}
      <PlatformAdviceList />
      <SiteBudgets budgets={data.budgets} sites={sites} />
      <AsOf time={data.as_of} />
    </>
  );
}

function OneBill({ bill }: { bill: Bill }) {
  const { currency } = bill;
  return (
    <section aria-label={`What was spent, in ${currency}`} className="grid gap-8">
      <h2 className="sr-only">What was spent, in {currency}</h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <MetricCard label="This month so far" value={amountOf(bill.total, currency)} />
        <MetricCard
          label="Nobody’s"
          value={amountOf(bill.unallocated, currency)}
          change="Environments kept ready, and shared things nobody used."
        />
      </div>
      <Amounts
        label="By site"
        what="Site"
        currency={currency}
        rows={bill.sites.map(({ name, slug, tenant, amount }) => ({
          name: name ? `${name} (${slug ?? tenant})` : tenant,
          amount,
          id: tenant,
        }))}
      />
      <Amounts
        label="By service"
        what="Service"
        currency={currency}
        rows={bill.by_service.map(({ service, amount }) => ({ name: service, amount }))}
      />
    </section>
  );
}
