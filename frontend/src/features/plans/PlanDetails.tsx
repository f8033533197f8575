// What a plan says: its steps, what it touches, the price before and after, the way back, and how long it can be confirmed.

import { Clock, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Plan } from '@/api/types';
import { monthly } from '@/lib/format';

export function PlanDetails({ plan, expires }: { plan: Plan; expires: string }) {
  return (
    <>
      <dl className="mt-5 grid gap-4 text-sm sm:grid-cols-[120px_1fr] sm:gap-x-6">
        <Fact name="What happens">
          <List items={plan.steps} />
        </Fact>
        <Fact name="Touches">
          <List items={plan.touches} />
        </Fact>
        <Fact name="Price">
          <Price plan={plan} />
        </Fact>
      </dl>
      <div className="mt-5 grid gap-2 rounded-xl bg-wash p-4 text-sm">
        <p className="flex gap-3">
          <Undo2 aria-hidden="true" className="mt-1 size-4 shrink-0 text-soft" />
          {plan.undo ?? 'This cannot be undone.'}
        </p>
        <p className="flex gap-3">
          <Clock aria-hidden="true" className="mt-1 size-4 shrink-0 text-soft" />
          Can be confirmed for {expires}. Until then nothing changes.
        </p>
      </div>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-soft max-sm:-mb-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function List({ items }: { items: string[] }) {
  return (
    <ul className="grid gap-1">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

function Price({ plan: { price_before: before, price_after: after } }: { plan: Plan }) {
  const isSame = before.currency === after.currency && Number(before.amount) === Number(after.amount);
  if (isSame) return <span className="tabular-nums">No change, {monthly(after)}</span>;
  return (
    <span className="tabular-nums">
      <span className="text-soft">{monthly(before)}</span>
      <span aria-hidden="true" className="mx-2 text-soft">
        →
      </span>
      <span className="sr-only">, afterwards </span>
      <strong className="font-semibold">{monthly(after)}</strong>
    </span>
  );
}
