// The way from a claim to the rows it stands on.

import { Link } from '@tanstack/react-router';
import type { Fact } from '@/api/diagnosis';
import { nameOf, placeOf } from './facts';

export function RowsLink({ fact, tenant }: { fact: Fact; tenant: string }) {
  const place = placeOf(fact);
  if (!place) return null;
  return (
    <Link
      to={`/sites/$site/${place.page}`}
      params={{ site: tenant }}
      search={place.search as never}
      aria-label={`Rows of ${nameOf(fact)} ${fact.id}`}
      className="rounded-sm text-xs whitespace-nowrap text-accent underline underline-offset-4"
    >
      {nameOf(fact).toLowerCase()}
    </Link>
  );
}
