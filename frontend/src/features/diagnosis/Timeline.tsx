// All facts in the order they happened: what the judgement had before it.

import type { Fact } from '@/api/diagnosis';
import { momentOf, nameOf, valuesOf } from './facts';
import { RowsLink } from './RowsLink';

export function Timeline({ facts, tenant }: { facts: Fact[]; tenant: string }) {
  if (facts.length === 0) return null;
  return (
    <details className="mt-6 border-t border-line pt-4 text-sm">
      <summary className="w-fit cursor-pointer rounded-sm font-medium">All that was seen ({facts.length})</summary>
      <ol className="mt-3 max-h-96 divide-y divide-line overflow-y-auto">
        {facts.map((fact) => (
          <li key={fact.id} className="grid gap-x-4 py-2 sm:grid-cols-[9rem_minmax(0,1fr)]">
            <time dateTime={fact.at} className="text-xs leading-5 text-soft tabular-nums">
              {momentOf(fact.at)}
            </time>
            <span className="wrap-anywhere">
              <span className="font-medium">{nameOf(fact)}</span> {valuesOf(fact)}{' '}
              <RowsLink fact={fact} tenant={tenant} />
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
