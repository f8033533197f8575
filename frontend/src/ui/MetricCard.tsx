// One number with its unit, how it changed, its course, and when it was true.

import { Sparkline } from './Sparkline';

type MetricCardProps = {
  label: string;
  value: string;
  unit?: string | undefined;
  /** In words, with its window: "12 % more than the day before". */
  change?: string | undefined;
  series?: number[] | undefined;
  asOf?: string | undefined;
};

export function MetricCard({ label, value, unit, change, series, asOf }: MetricCardProps) {
  return (
    <section aria-label={label} className="flex min-w-0 flex-col rounded-card border border-line p-5">
      <h3 className="text-sm text-soft">{label}</h3>
      <p className="mt-1 flex items-baseline gap-1.5">
        <span className="truncate text-2xl font-semibold tracking-tight tabular-nums">{value}</span>
        {unit && <span className="text-sm text-soft">{unit}</span>}
      </p>
      {change && <p className="text-sm text-soft">{change}</p>}
      {series && (
        <div className="mt-3">
          <Sparkline values={series} label={label} />
        </div>
      )}
      {asOf && <p className="mt-auto pt-2 text-xs text-soft">{asOf}</p>}
    </section>
  );
}
