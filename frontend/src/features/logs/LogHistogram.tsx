// How many lines there are over time: a bar for each step, what went wrong in it at the bottom. Its sentence says the same.

import { useQuery } from '@tanstack/react-query';
import { type LogCounts, logCounts } from '@/api/logs';
import { askedOf, type Filters, windowOf } from './filters';

const AGAIN_MS = 30_000;
const HEIGHT = 40;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const TIME = new Intl.DateTimeFormat('en', CLOCK);
const DAY = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', ...CLOCK });

export function LogHistogram({ slug, filters }: { slug: string; filters: Filters }) {
  const { data } = useQuery({
    queryKey: ['tenant', slug, 'log-counts', filters],
    queryFn: () => logCounts(slug, askedOf(filters, Date.now())),
    refetchInterval: filters.until || filters.request ? false : AGAIN_MS,
    placeholderData: (before) => before,
  });
  return <Bars counts={data} within={windowOf(filters).label} />;
}

function Bars({ counts, within }: { counts: LogCounts | undefined; within: string }) {
  const bars = counts ? barsOf(counts) : [];
  const most = Math.max(1, ...bars.map(({ all }) => all));
  const width = 100 / Math.max(1, bars.length);
  const said = counts ? sentenceOf(bars, counts) : `Counting: ${within}`;
  return (
    <figure className="mb-4">
      <svg
        role="img"
        aria-label={said}
        viewBox={`0 0 100 ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-10 w-full border-b border-line"
      >
        {bars.map(({ time, all, wrong }, place) => {
          const height = (all / most) * HEIGHT;
          const bad = Math.min(height, wrong > 0 ? Math.max(2, (wrong / most) * HEIGHT) : 0);
          return (
            <g key={time}>
              <rect className="fill-ink/15" x={place * width} width={width * 0.8} y={HEIGHT - height} height={height} />
              <rect className="fill-bad" x={place * width} width={width * 0.8} y={HEIGHT - bad} height={bad} />
            </g>
          );
        })}
      </svg>
      <figcaption className="mt-1.5 flex justify-between gap-4 text-xs text-soft">
        <span>{counts && ends(counts)[0]}</span>
        <span aria-hidden="true" className="text-center">
          {counts && said}
        </span>
        <span>{counts && ends(counts)[1]}</span>
      </figcaption>
    </figure>
  );
}

/** Both ends of the window, with their day where it is not the same. */
function ends({ since, until }: LogCounts): string[] {
  const moments = [new Date(since), new Date(until)];
  const isOneDay = moments[0]?.toDateString() === moments[1]?.toDateString();
  return moments.map((moment) => (isOneDay ? TIME : DAY).format(moment));
}

type Bar = { time: number; all: number; wrong: number };

/** A bar for every step of the window, also for those in which nothing was written. */
function barsOf({ since, until, step_seconds, items }: LogCounts): Bar[] {
  const step = step_seconds * 1000;
  const first = Math.floor(Date.parse(since) / step) * step;
  const count = Math.floor((Date.parse(until) - first) / step) + 1;
  const bars = Array.from({ length: count }, (_, place) => ({ time: first + place * step, all: 0, wrong: 0 }));
  for (const { time, level, count: lines } of items) {
    const bar = bars[Math.round((Date.parse(time) - first) / step)];
    if (!bar) continue;
    bar.all += lines;
    if (level === 'error' || level === 'critical') bar.wrong += lines;
  }
  return bars;
}

function sentenceOf(bars: Bar[], { items }: LogCounts): string {
  const all = bars.reduce((sum, bar) => sum + bar.all, 0);
  const wrong = bars.reduce((sum, bar) => sum + bar.wrong, 0);
  const warnings = items.filter(({ level }) => level === 'warning').reduce((sum, { count }) => sum + count, 0);
  const parts = [
    many(all, 'line'),
    ...(wrong ? [many(wrong, 'error')] : []),
    ...(warnings ? [many(warnings, 'warning')] : []),
  ];
  return parts.join(', ');
}

function many(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
