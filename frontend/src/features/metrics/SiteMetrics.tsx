// A site's metrics over a time one chooses: a drawing for what belongs together, with a line where something was done to the site.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Metrics, metricsQuery } from '@/api/metrics';
import { sentenceOf } from '@/api/problem';
import { Chart, type Mark } from '@/ui/Chart';
import { EmptyState } from '@/ui/EmptyState';
import { Notice } from '@/ui/Notice';
import { DRAWINGS, type Drawing, isMeasured, lengthOf, seriesOf, summaryOf, unitOf } from './drawings';
import { type Looking, windowOf } from './ranges';
import { useMarks } from './useMarks';

type SiteMetricsProps = { site: { id: string; slug: string }; looking: Looking };

export function SiteMetrics({ site, looking }: SiteMetricsProps) {
  const { data, error } = useQuery(metricsQuery(site.slug, windowOf(looking)));
  const marks = useMarks(site.id);
  const within = useMemo(() => (data ? marksWithin(data, marks) : []), [data, marks]);
  if (error && !data) return <Notice title="Metrics can’t be shown just now">{sentenceOf(error)}</Notice>;
  if (!data) return <div className="h-96" />;
  const drawn = DRAWINGS.filter(({ metrics }) =>
    data.items.some((one) => metrics.includes(one.metric) && isMeasured(one)),
  );
  if (drawn.length === 0) {
    return (
      <EmptyState title="Nothing was measured in this time">
        The first figures of a new site come within a minute; what was before it, or while the platform was stopped, is
        not known.
      </EmptyState>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      {inOrder(drawn, looking.metric).map((drawing) => (
        <OneDrawing key={drawing.title} drawing={drawing} data={data} marks={within} />
      ))}
      <Marks marks={within} />
      <p className="text-sm text-soft">
        From {moment(data.since)} to {moment(data.until)}, in steps of {lengthOf(data.step_seconds)}. Gaps: nothing was
        measured.
      </p>
    </div>
  );
}

function OneDrawing({ drawing, data, marks }: { drawing: Drawing; data: Metrics; marks: Mark[] }) {
  const shown = useMemo(
    () => data.items.filter((one) => drawing.metrics.includes(one.metric) && isMeasured(one)),
    [drawing, data],
  );
  const series = useMemo(() => shown.map(seriesOf), [shown]);
  const unit = shown[0] ? unitOf(shown[0]) : '';
  return (
    <Chart
      title={drawing.title}
      unit={unit}
      series={series}
      marks={marks}
      summary={summaryOf(shown, data.step_seconds)}
      readout
    />
  );
}

function Marks({ marks }: { marks: Mark[] }) {
  if (marks.length === 0) return null;
  return (
    <section aria-label="What was done meanwhile">
      <p className="text-sm text-soft">A dashed line: something was done to the site.</p>
      <ul className="mt-1 grid gap-1 text-sm">
        {marks.slice(0, 10).map(({ at, label }) => (
          <li key={`${at} ${label}`}>
            <span className="text-soft tabular-nums">{moment(at * 1000)}</span> · {label}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What somebody came to see stands first. */
function inOrder(drawings: Drawing[], metric: string | undefined): Drawing[] {
  const first = drawings.filter(({ metrics }) => metric && metrics.includes(metric));
  return [...first, ...drawings.filter((one) => !first.includes(one))];
}

function marksWithin({ since, until }: Metrics, marks: Mark[]): Mark[] {
  const [from, to] = [Date.parse(since) / 1000, Date.parse(until) / 1000];
  return marks.filter(({ at }) => at >= from && at <= to);
}

const MOMENT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

function moment(time: string | number): string {
  return MOMENT.format(new Date(time));
}
