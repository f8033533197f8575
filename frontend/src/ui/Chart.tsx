// Numbers over time: a sentence that says what they say, the drawing, and the same as a table for whoever prefers that.

import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import { Button } from './Button';

export type Series = { name: string; points: [unixSeconds: number, value: number | null][] };
export type Mark = { at: number; label: string };

type ChartProps = {
  title: string;
  unit: string;
  series: Series[];
  /** What a person would say who looked at it: "412 requests in the last 24 h, most of them at 9:00". */
  summary: string;
  /** Moments worth a line: a deploy, a backup. */
  marks?: Mark[];
  /** Where the numbers are from. */
  caption?: ReactNode;
  heading?: 'h2' | 'h3';
  /** Values are said below the drawing where one points at it. */
  readout?: boolean;
};

const Plot = lazy(() => import('./Plot'));

const NONE: Mark[] = [];

export function Chart(props: ChartProps) {
  const { title, unit, series, summary, marks = NONE, caption, heading: Heading = 'h3', readout = false } = props;
  const id = useId();
  const [isTable, setTable] = useState(false);
  return (
    <section aria-labelledby={id} className="rounded-card border border-line p-5">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <Heading id={id} className="text-sm font-medium">
            {title}
          </Heading>
          <p className="text-sm text-soft">{summary}</p>
        </div>
        <Button kind="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? 'Show as chart' : 'Show as table'}
        </Button>
      </div>
      <div className="mt-4">
        {isTable ? (
          <Numbers title={title} unit={unit} series={series} />
        ) : (
          <Suspense fallback={<div className="h-56" />}>
            <Plot unit={unit} series={series} marks={marks} readout={readout} />
          </Suspense>
        )}
      </div>
      {caption}
    </section>
  );
}

const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

function Numbers({ title, unit, series }: Pick<ChartProps, 'title' | 'unit' | 'series'>) {
  const times = [...new Set(series.flatMap(({ points }) => points.map(([time]) => time)))].sort((a, b) => a - b);
  const values = series.map(({ points }) => new Map(points));
  return (
    <section
      aria-label={`${title}, as a table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-56 overflow-auto"
    >
      <table className="w-full text-sm tabular-nums">
        <thead className="sticky top-0 bg-white text-left">
          <tr>
            <th scope="col" className="py-1 pr-4 font-medium">
              Time
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="py-1 text-right font-medium">
                {name}
                {unit && `, ${unit}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time) => (
            <tr key={time} className="border-t border-line">
              <th scope="row" className="py-1 pr-4 text-left font-normal text-soft">
                {moment.format(time * 1000)}
              </th>
              {series.map(({ name }, place) => (
                <td key={name} className="py-1 text-right">
                  {values[place]?.get(time) ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
