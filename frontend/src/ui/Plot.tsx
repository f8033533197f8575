// The drawing of a chart, by uPlot on a canvas. Loaded when a chart is shown, never before.

import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Mark, Series } from './Chart';

const HEIGHT = 224;
const INKS = ['--color-accent', '--color-good', '--color-warn', '--color-bad'];
const SWATCHES = ['bg-accent', 'bg-good', 'bg-warn', 'bg-bad'];

type PlotProps = { unit: string; series: Series[]; marks: Mark[]; readout: boolean };

export default function Plot({ unit, series, marks, readout }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [pointed, point] = useState('');
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    const options = optionsFor(place, series, marks, unit);
    if (readout) options.hooks = { ...options.hooks, setCursor: [(plot) => point(saidAt(plot, marks, unit))] };
    const plot = new uPlot(options, aligned(series), place);
    const watch = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
    watch.observe(place);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [series, marks, unit, readout]);
  return (
    <>
      <div ref={frame} aria-hidden="true" className="h-56 w-full min-w-0 overflow-hidden" />
      {readout && (
        <p aria-hidden="true" className="mt-1 h-5 truncate text-sm text-soft tabular-nums">
          {pointed}
        </p>
      )}
      {series.length > 1 && <Names series={series} />}
    </>
  );
}

function Names({ series }: { series: Series[] }) {
  return (
    <ul className="mt-3 flex flex-wrap gap-4 text-sm text-soft">
      {series.map(({ name }, place) => (
        <li key={name} className="flex items-center gap-2">
          <span aria-hidden="true" className={`size-2 rounded-full ${SWATCHES[place % SWATCHES.length]}`} />
          {name}
        </li>
      ))}
    </ul>
  );
}

/** One row of times, and each series' value at each of them, as uPlot wants it. */
function aligned(series: Series[]): uPlot.AlignedData {
  const tables = series.map(
    ({ points }) => [points.map(([time]) => time), points.map(([, value]) => value)] as uPlot.AlignedData,
  );
  return tables.length ? uPlot.join(tables) : [[]];
}

function optionsFor(place: HTMLElement, series: Series[], marks: Mark[], unit: string): uPlot.Options {
  const ink = (name: string) => getComputedStyle(place).getPropertyValue(name);
  const font = `12px ${getComputedStyle(place).fontFamily}`;
  const axis = {
    stroke: ink('--color-soft'),
    font,
    grid: { stroke: ink('--color-line'), width: 1 },
    ticks: { show: false },
  };
  const number = new Intl.NumberFormat('en', { notation: 'compact' });
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, sync: { key: 'aipress' } },
    scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, grid: { show: false } },
      {
        ...axis,
        size: 56,
        values: (_plot, ticks) => ticks.map((tick) => `${number.format(tick)}${unit && ` ${unit}`}`),
      },
    ],
    series: [
      {},
      ...series.map(({ name }, at) => ({
        label: name,
        stroke: ink(INKS[at % INKS.length] ?? '--color-accent'),
        width: 1.5,
        points: { show: false, filter: alone, size: 4 },
      })),
    ],
    hooks: { draw: [(plot) => drawMarks(plot, marks, ink('--color-soft'))] },
  };
}

const MOMENT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const VALUE = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const NEAR = 6;

/** What is drawn where one points: when, each value, and what was done then. */
function saidAt(plot: uPlot, marks: Mark[], unit: string): string {
  const at = plot.cursor.idx;
  const time = at === null || at === undefined ? undefined : plot.data[0][at];
  if (at === null || at === undefined || time === undefined) return '';
  const values = plot.series.slice(1).map(({ label }, place) => {
    const value = plot.data[place + 1]?.[at];
    return `${label} ${value === null || value === undefined ? '–' : `${VALUE.format(value)}${unit && ` ${unit}`}`}`;
  });
  const left = plot.cursor.left ?? 0;
  const done = marks.filter((mark) => Math.abs(plot.valToPos(mark.at, 'x') - left) < NEAR).map(({ label }) => label);
  return [MOMENT.format(time * 1000), ...values, ...done].join(' · ');
}

/** Where a value stands between gaps, so that no line could be drawn to it. */
function alone(plot: uPlot, place: number): number[] {
  const values = plot.data[place] ?? [];
  const isGap = (at: number) => values[at] === null || values[at] === undefined;
  return Array.from(values.keys()).filter((at) => !isGap(at) && isGap(at - 1) && isGap(at + 1));
}

function drawMarks(plot: uPlot, marks: Mark[], stroke: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.setLineDash([4, 4]);
  for (const { at } of marks) {
    const x = Math.round(plot.valToPos(at, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
