// Figures in an answer, and ways on from it. Each says for which window its figures are, as of when, and where they are from.

import { Link } from '@tanstack/react-router';
import type { AnswerParts, Cell, Sourced, WayOn } from '@/api/chat/answers';
import { Card } from '@/ui/Card';
import { Chart } from '@/ui/Chart';
import { type Column, DataTable } from '@/ui/DataTable';

export function AnswerTable({ table }: { table: AnswerParts['table'] }) {
  const rows = table.rows.map((cells, place) => ({ key: String(place), cells }));
  return (
    <Card heading={table.title}>
      <div className="mt-3">
        <DataTable
          label={table.title}
          columns={table.columns.map(columnAt)}
          rows={rows}
          rowKey={({ key }) => key}
          isLoading={false}
          empty={<p className="text-sm text-soft">There is nothing to show.</p>}
        />
      </div>
      <Caption of={table} />
    </Card>
  );
}

type Row = { key: string; cells: Cell[] };

function columnAt({ header, align }: AnswerParts['table']['columns'][number], place: number): Column<Row> {
  return { key: String(place), header, align, cell: ({ cells }) => <Shown cell={cells[place] ?? ''} /> };
}

function Shown({ cell }: { cell: Cell }) {
  return typeof cell === 'string' ? <span className="wrap-anywhere">{cell}</span> : <Way on={cell} />;
}

export function AnswerChart({ chart }: { chart: AnswerParts['chart'] }) {
  const { title, unit, series, summary } = chart;
  return <Chart {...{ title, unit, series, summary }} heading="h2" caption={<Caption of={chart} />} />;
}

export function AnswerLink({ link }: { link: WayOn }) {
  return (
    <p>
      <Way on={link} />
    </p>
  );
}

const OURS = /^\/(?!\/)[\w/-]*$/;

/** A link into the app. Whatever leads elsewhere is only its words. */
function Way({ on: { label, path } }: { on: WayOn }) {
  if (!OURS.test(path)) return label;
  return (
    <Link to={path as '/'} className="rounded-sm font-medium text-accent underline-offset-4 hover:underline">
      {label}
    </Link>
  );
}

const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

function Caption({ of: { window, as_of, source } }: { of: Sourced }) {
  return (
    <p className="mt-4 text-sm text-soft">
      {window}, as of <time dateTime={as_of}>{moment.format(Date.parse(as_of))}</time> · {source}
    </p>
  );
}
