// The sizes a site comes in, each with its price and what it is for; one is chosen.

import clsx from 'clsx';
import { useId } from 'react';
import type { Tenant, Tier } from '@/api/types';
import { priceOf } from './price';

type Size = Tenant['tier'];
type TierChoiceProps = { tiers: Tier[] | undefined; value: Size; onChange: (size: Size) => void };

export function TierChoice({ tiers, value, onChange }: TierChoiceProps) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">Size</legend>
      {tiers ? (
        <div className="grid gap-3 sm:grid-cols-3">
          {tiers.map((tier) => (
            <TierCard
              key={tier.id}
              tier={tier}
              name={name}
              isChosen={tier.id === value}
              onChoose={() => onChange(tier.id)}
            />
          ))}
        </div>
      ) : (
        <div role="img" aria-label="Loading sizes" className="grid gap-3 sm:grid-cols-3">
          {['basic', 'standard', 'performance'].map((one) => (
            <div key={one} className="h-36 rounded-card border border-line" />
          ))}
        </div>
      )}
    </fieldset>
  );
}

type TierCardProps = { tier: Tier; name: string; isChosen: boolean; onChoose: () => void };

function TierCard({ tier, name, isChosen, onChoose }: TierCardProps) {
  return (
    <label
      className={clsx(
        'flex min-h-36 cursor-pointer flex-col rounded-card border p-4 transition duration-150 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        isChosen ? 'border-accent bg-accent-wash' : 'border-line hover:border-ink/30',
      )}
    >
      <span className="flex items-center justify-between gap-2">
        <span className="font-medium">{tier.label}</span>
        <input
          type="radio"
          name={name}
          value={tier.id}
          checked={isChosen}
          onChange={onChoose}
          className="size-4 accent-accent outline-none"
        />
      </span>
      <span className="mt-1 text-sm text-soft">{tier.summary}</span>
      <span className="mt-auto pt-3 text-sm font-medium tabular-nums">{priceOf(tier)}</span>
    </label>
  );
}
