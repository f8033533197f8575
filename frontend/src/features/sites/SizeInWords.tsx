// A site's size and its price, as the platform's own list says them.

import { useQuery } from '@tanstack/react-query';
import { tiersQuery } from '@/api/sites';
import type { Tenant } from '@/api/types';
import { priceOf } from './price';

export function SizeInWords({ size }: { size: Tenant['tier'] }) {
  const { data } = useQuery(tiersQuery);
  const tier = data?.find((one) => one.id === size);
  if (!tier) return <span className="capitalize">{size}</span>;
  return (
    <>
      {tier.label}, <span className="tabular-nums">{priceOf(tier)}</span>
    </>
  );
}
