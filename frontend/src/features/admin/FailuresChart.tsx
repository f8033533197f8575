// What did not work, hour by hour, over the last day.

import type { Overview } from '@/api/health';
import { Chart } from '@/ui/Chart';
import { StatusLine } from '@/ui/StatusLine';

type Failures = Overview['operations']['failures'];

export function FailuresChart({ failures }: { failures: Failures }) {
  if (failures.every(({ count }) => count === 0)) return <StatusLine tone="good">{summaryOf(failures)}</StatusLine>;
  const points = failures.map(({ hour, count }): [number, number] => [Date.parse(hour) / 1000, count]);
  return (
    <Chart title="Failures per hour" unit="" series={[{ name: 'Failures', points }]} summary={summaryOf(failures)} />
  );
}

const clock = new Intl.DateTimeFormat('en', { hour: 'numeric' });

export function summaryOf(failures: Failures): string {
  const all = failures.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return 'Nothing failed in the last 24 hours.';
  const worst = failures.reduce((most, one) => (one.count > most.count ? one : most));
  const whole = `${all} ${all === 1 ? 'operation' : 'operations'} failed in the last 24 hours`;
  return all === 1
    ? `${whole}, after ${clock.format(Date.parse(worst.hour))}.`
    : `${whole}, most of them (${worst.count}) in the hour from ${clock.format(Date.parse(worst.hour))}.`;
}
