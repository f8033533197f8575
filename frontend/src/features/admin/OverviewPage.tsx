// How the platform is: what needs somebody first, then how much of everything there is.

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Overview, overviewQuery } from '@/api/health';
import type { Operation } from '@/api/types';
import { MetricCard } from '@/ui/MetricCard';
import { Checks } from './Checks';
import { FailuresChart } from './FailuresChart';
import { Findings } from './Findings';
import { Isolation } from './Isolation';
import { Stuck } from './Stuck';
import { Trouble } from './Trouble';

type OverviewPageProps = { linkSite: (site: Operation['tenant']) => ReactNode; alerts: ReactNode };

export function OverviewPage({ linkSite, alerts }: OverviewPageProps) {
  const { data, error, refetch } = useQuery(overviewQuery);
  const isAlarming = data && (!data.runtime?.isolated || data.runtime.silent.length > 0);
  return (
    <div className="grid gap-8">
      {isAlarming && <Isolation runtime={data.runtime} />}
      <Checks />
      {alerts}
      {error && !data && <Trouble what="How much there is" error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton />}
      {data && (
        <>
          <Counts overview={data} />
          <FailuresChart failures={data.operations.failures} />
          <Stuck operations={data.operations.stuck} linkSite={linkSite} />
          <Findings what="Work that does not go on by itself" found={data.stranded} />
          <Findings what="Parts of sites that are gone" found={data.lost} />
          {!isAlarming && <Isolation runtime={data.runtime} />}
        </>
      )}
    </div>
  );
}

const number = new Intl.NumberFormat('en');

function Counts({ overview: { sites, users, operations, plans_waiting, runtime } }: { overview: Overview }) {
  const others = [
    [sites.provisioning, 'being created'],
    [sites.failed, 'did not work'],
    [sites.removing, 'being deleted'],
  ] as const;
  const besides = others.filter(([count]) => count > 0).map(([count, what]) => `${number.format(count)} ${what}`);
  return (
    <section aria-labelledby="how-much" className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
      <h2 id="how-much" className="sr-only">
        How much there is
      </h2>
      <MetricCard label="Live sites" value={number.format(sites.live)} change={besides.join(', ') || inBeds(runtime)} />
      <MetricCard
        label="Active users"
        value={number.format(users.active)}
        change={users.suspended ? `${number.format(users.suspended)} suspended` : 'nobody suspended'}
      />
      <MetricCard
        label="Plans waiting"
        value={number.format(plans_waiting)}
        change={plans_waiting ? 'for a person’s yes' : 'nobody is asked anything'}
      />
      <MetricCard
        label="Operations running"
        value={number.format(operations.running)}
        change={operations.stuck.length ? `${number.format(operations.stuck.length)} stuck` : 'none stuck'}
      />
    </section>
  );
}

function inBeds(runtime: Overview['runtime']): string | undefined {
  return runtime ? `${number.format(runtime.awake)} awake, ${number.format(runtime.asleep)} asleep` : undefined;
}

function Skeleton() {
  return (
    <div role="img" aria-label="Loading the overview" className="animate-late">
      <div className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
        <div className="h-28 rounded-card bg-wash" />
        <div className="h-28 rounded-card bg-wash" />
        <div className="h-28 rounded-card bg-wash" />
        <div className="h-28 rounded-card bg-wash" />
      </div>
      <div className="mt-8 h-72 rounded-card bg-wash" />
    </div>
  );
}
