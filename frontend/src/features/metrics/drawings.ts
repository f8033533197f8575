// Which metrics are drawn together, in which unit people know, and what each drawing says in a sentence.

import type { Metric } from '@/api/metrics';
import type { Series } from '@/ui/Chart';

export type Drawing = { title: string; metrics: string[]; marks?: boolean };

export const DRAWINGS: Drawing[] = [
  { title: 'Requests', metrics: ['requests', 'errors'] },
  { title: 'Response time', metrics: ['latency_p50', 'latency_p95', 'latency_p99'] },
  { title: 'Pages from the cache', metrics: ['cache_hit_ratio'] },
  { title: 'Data sent', metrics: ['bandwidth'] },
  { title: 'Processor time', metrics: ['cpu_seconds'] },
  { title: 'Memory', metrics: ['memory_bytes'] },
  { title: 'Awake', metrics: ['instances', 'cold_starts'] },
  { title: 'Database time', metrics: ['db_time'] },
  { title: 'Database', metrics: ['db_connections', 'slow_queries'] },
  { title: 'Disk and object cache', metrics: ['disk_bytes', 'redis_bytes'] },
  { title: 'Cron delay', metrics: ['cron_lag'] },
];

/** By what a value is divided to be drawn, and what that is called. */
const DRAWN: Record<string, [divisor: number, unit: string]> = {
  bytes: [1_000_000, 'MB'],
  ratio: [0.01, '%'],
  ms: [1, 'ms'],
  s: [1, 's'],
};

export function unitOf(metric: Metric): string {
  return DRAWN[metric.unit]?.[1] ?? '';
}

export function seriesOf(metric: Metric): Series {
  const divisor = DRAWN[metric.unit]?.[0] ?? 1;
  const points = metric.points as [number, number | null][];
  return {
    name: metric.label,
    points: points.map(([time, value]) => [time, value === null ? null : value / divisor]),
  };
}

export function isMeasured(metric: Metric): boolean {
  return metric.points.some((point) => point[1] !== null);
}

/** "Requests 1,204, at most 77 in 5 min. Errors 3, at most 1." */
export function summaryOf(metrics: Metric[], stepSeconds: number): string {
  return `${metrics.map(phrase).join('. ')} in a step of ${lengthOf(stepSeconds)}.`;
}

function phrase(metric: Metric): string {
  const values = metric.points.flatMap((point) => (point[1] === null ? [] : [point[1] as number]));
  const most = `at most ${amountOf(Math.max(...values), metric.unit)}`;
  return metric.overall === null
    ? `${metric.label}: ${most}`
    : `${metric.label}: ${amountOf(metric.overall, metric.unit)}, ${most}`;
}

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function amountOf(value: number, unit: string): string {
  const [divisor, name] = DRAWN[unit] ?? [1, ''];
  const drawn = value / divisor;
  return `${drawn >= 100 ? whole.format(drawn) : number.format(drawn)}${name && ` ${name}`}`;
}

export function lengthOf(seconds: number): string {
  if (seconds < 3600) return `${seconds / 60} min`;
  return seconds < 86_400 ? `${seconds / 3600} h` : `${seconds / 86_400} days`;
}
