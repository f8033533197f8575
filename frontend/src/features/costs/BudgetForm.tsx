// Setting a site's budget a month, and at which parts of it mail goes out.

import { type SubmitEvent, useState } from 'react';
import type { Budget } from '@/api/costs';
import { sentenceOf } from '@/api/problem';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';
import { useBudget } from './useBudget';

const NONE = { amount: '', currency: 'USD', thresholds: [50, 90, 100] };

type BudgetFormProps = { slug: string; budget: Budget | null; onDone: () => void };

export function BudgetForm({ slug, budget, onDone }: BudgetFormProps) {
  const { currency, ...known } = budget ?? NONE;
  const [amount, setAmount] = useState(known.amount);
  const [parts, setParts] = useState(known.thresholds.join(', '));
  const { setting, removal } = useBudget(slug, onDone);
  const thresholds = thresholdsOf(parts);
  const isWhole = /^\d+([.,]\d{1,9})?$/.test(amount.trim()) && thresholds !== null;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!isWhole || setting.isPending || thresholds === null) return;
    setting.mutate({ amount: amount.trim().replace(',', '.'), currency, thresholds });
  }

  return (
    <form onSubmit={submit} noValidate className="mt-4 grid max-w-xl gap-4 rounded-card border border-line p-5">
      <TextInput
        label={`Budget a month, in ${currency}`}
        value={amount}
        autoFocus
        inputMode="decimal"
        autoComplete="off"
        placeholder="20"
        onChange={(event) => setAmount(event.target.value)}
      />
      <TextInput
        label="Tell the owner at"
        value={parts}
        autoComplete="off"
        onChange={(event) => setParts(event.target.value)}
        hint="Percent of the budget. Nothing is ever stopped."
        error={thresholds === null ? 'Up to five whole numbers from 1 to 1000, with commas between.' : undefined}
      />
      <Refusal error={setting.error ?? removal.error} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" kind="primary" disabled={!isWhole} busy={setting.isPending}>
          Save
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
        {budget && (
          <Button kind="quiet" className="ml-auto" busy={removal.isPending} onClick={() => removal.mutate()}>
            Remove
          </Button>
        )}
      </div>
    </form>
  );
}

function Refusal({ error }: { error: Error | null }) {
  return error ? (
    <p role="alert" className="text-sm text-bad">
      {sentenceOf(error)}
    </p>
  ) : null;
}

/** Null for what is no list of percents. */
function thresholdsOf(text: string): number[] | null {
  const found = text.split(',').map((one) => one.trim().replace(/\s*%$/, ''));
  const isRight = found.length <= 5 && found.every((one) => /^\d{1,4}$/.test(one) && +one >= 1 && +one <= 1000);
  return isRight ? found.map(Number) : null;
}
