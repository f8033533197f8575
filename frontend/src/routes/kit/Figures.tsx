// Numbers and lines: cards, charts, answers, logs, with made-up contents.

import { useState } from 'react';
import { AnswerChart, AnswerLink, AnswerTable } from '@/features/answers/AnswerPart';
import { Chart } from '@/ui/Chart';
import { LogDisplay, type LogLine } from '@/ui/LogDisplay';
import { MetricCard } from '@/ui/MetricCard';
import { Section } from './Section';

const START = Date.UTC(2026, 10, 24, 9) / 1000;
const wave = (place: number, height: number) => Math.round(height * (1.2 + Math.sin(place / 4)));
const points = (height: number): [number, number][] =>
  Array.from({ length: 48 }, (_, place) => [START + place * 1800, wave(place, height)]);
const TRAFFIC = [
  { name: 'Requests', points: points(120) },
  { name: 'Errors', points: points(6) },
];
const BACKUP = [{ at: START + 12 * 1800, label: 'Backup' }];

const SAID = { window: 'Last 24 hours', as_of: '2026-11-25T09:41:00Z', source: 'control plane' };
const MEASURED = {
  ...SAID,
  title: 'Slowest pages',
  columns: [
    { header: 'Page', align: 'left' as const },
    { header: 'p95, ms', align: 'right' as const },
  ],
  rows: [
    [{ label: 'Sunrise Bakery', path: '/sites/sunrise-bakery' }, '218'],
    ['/a/page/with/a/very/long/path/that/has/no/place/where/it/could/be/broken/in/two.html', '1,204'],
  ],
};

/** What the assistant shows besides words. */
export function Answers() {
  return (
    <Section name="Answers">
      <AnswerTable table={MEASURED} />
      <AnswerTable table={{ ...MEASURED, title: 'Errors', rows: [] }} />
      <AnswerChart
        chart={{ ...SAID, title: 'Requests by hour', unit: '', series: TRAFFIC, summary: 'Most of them at 9:00.' }}
      />
      <AnswerLink link={{ label: 'All 12 sites', path: '/sites' }} />
    </Section>
  );
}

export function Numbers() {
  return (
    <Section name="Numbers">
      <div className="grid gap-5 sm:grid-cols-3">
        <MetricCard
          label="Requests"
          value="4,812"
          change="12 % more than the day before"
          series={points(120).map(([, value]) => value)}
          asOf="Last 24 hours, as of 9:41"
        />
        <MetricCard label="Slowest page" value="218" unit="ms" />
        <MetricCard label="Disk" value="1.2" unit="GB" asOf="as of 9:41" />
      </div>
      <Chart
        title="Traffic"
        unit=""
        series={TRAFFIC}
        marks={BACKUP}
        summary="Between 24 and 264 requests every half hour; a backup at 15:00."
      />
      <Chart title="Database connections" unit="" series={[]} summary="Nothing was measured in this time." />
    </Section>
  );
}

const LEVELS = ['info', 'info', 'info', 'warning', 'error'] as const;

function linesFrom(first: number, count: number): LogLine[] {
  return Array.from({ length: count }, (_, place) => ({
    id: String(first + place),
    time: new Date((START + first + place) * 1000).toISOString(),
    level: LEVELS[(first + place) % LEVELS.length] ?? 'info',
    source: 'access',
    message: `GET /page-${first + place} 200 in ${(first + place) % 90} ms`,
  }));
}

export function Logs() {
  const [lines, setLines] = useState(() => linesFrom(0, 20_000));
  return (
    <Section name="Log">
      <div className="h-80">
        <LogDisplay lines={lines} isLive />
      </div>
      <button
        type="button"
        className="justify-self-start rounded-sm text-sm text-accent underline underline-offset-4"
        onClick={() => setLines([...lines, ...linesFrom(lines.length, 312)])}
      >
        Let 312 lines arrive
      </button>
    </Section>
  );
}
