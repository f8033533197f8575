// The size a site has among those there are, each with its price. Sizes can't be changed yet, and the page says so.

import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { tiersQuery } from '@/api/sites';
import type { Tenant } from '@/api/types';
import { priceOf } from './price';

export function Sizes({ site }: { site: Tenant }) {
  const { data, error } = useQuery(tiersQuery);
  if (error) return <p className="text-sm capitalize">{site.tier}</p>;
  if (!data) return <div role="img" aria-label="Loading sizes" className="h-36 animate-late rounded-card bg-wash" />;
  return (
    <>
      <ul aria-label="Sizes" className="divide-y divide-line rounded-card border border-line">
        {data.map((tier) => {
          const isOurs = tier.id === site.tier;
          return (
            <li key={tier.id} className="flex flex-wrap items-baseline gap-x-4 px-5 py-3 text-sm">
              <span className={clsx('w-28', isOurs ? 'font-medium' : 'text-soft')}>{tier.label}</span>
              <span className="min-w-0 flex-1 basis-40 text-soft">{tier.summary}</span>
              {isOurs && <span className="text-xs font-medium text-accent">This site</span>}
              <span className={clsx('tabular-nums', isOurs ? 'font-medium' : 'text-soft')}>{priceOf(tier)}</span>
            </li>
          );
        })}
      </ul>
      <p className="mt-3 text-sm text-soft">
        The size of a site that exists can’t be changed yet. For another size, create a new site.
      </p>
    </>
  );
}
