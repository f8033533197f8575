// How a site could cost less: each way with its saving, and the figures it rests on. The same card in the app and in an answer.

import { useQuery } from '@tanstack/react-query';
import { type Advice, type AdviceItem, adviceQuery } from '@/api/costs';
import { sentenceOf } from '@/api/problem';
import { Card, CardSkeleton } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { amountOf } from './amount';

/** Whole days of a bill on one size, before anything is advised. */
const FEWEST_DAYS = 7;

export function AdviceCard({ slug }: { slug: string }) {
  const { data, error } = useQuery(adviceQuery(slug));
  if (error) return <Notice title="Advice can’t be shown just now">{sentenceOf(error)}</Notice>;
  if (!data) return <CardSkeleton label="Loading advice" />;
  return (
    <Card heading={data.items.length > 0 ? `What could cost less on ${data.name}` : `Advice on ${data.name}`}>
      {data.items.length === 0 && <p className="mt-1 text-sm text-soft">{whyNone(data)}</p>}
      <ul className="mt-2 grid gap-4">
        {data.items.map((item) => (
          <Way key={`${item.kind} ${item.text}`} item={item} />
        ))}
      </ul>
    </Card>
  );
}

export function Way({ item }: { item: AdviceItem }) {
  return (
    <li className="text-sm">
      <p>
        {item.text} <strong className="font-medium">{worth(item)}</strong>
      </p>
      <details className="mt-1 text-soft">
        <summary className="cursor-pointer">How do we know?</summary>
        <dl className="mt-1 grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5 tabular-nums">
          {item.figures.map(({ name, value, unit, source }) => (
            <div key={name} className="contents">
              <dt>
                {name} ({SOURCES[source]})
              </dt>
              <dd className="text-right">
                {Number(value).toLocaleString('en', { maximumFractionDigits: 2 })} {unit}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

const SOURCES: Record<AdviceItem['figures'][number]['source'], string> = {
  bill: 'from the bill',
  prices: 'from the price sheet',
  metrics: 'measured',
};

function worth({ saving, currency, tier }: AdviceItem): string {
  const amount = amountOf(saving.replace('-', ''), currency);
  const change = tier ? `Changing to ${tier}` : 'That';
  return `${change} ${saving.startsWith('-') ? 'costs' : 'saves'} ${amount} a month.`;
}

function whyNone({ days, measured }: Advice): string {
  if (days < FEWEST_DAYS) return 'It is too early to say: advice takes a week of bills on one size.';
  if (!measured) return 'Nothing is used beyond its size. Whether a smaller one would do takes a week of metrics.';
  return 'What it uses and what it pays for fit each other.';
}
