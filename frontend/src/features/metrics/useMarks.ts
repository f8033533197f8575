// Moments worth a line in every drawing: what was done to the site, by whomever.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { auditQuery } from '@/api/sites';
import type { Mark } from '@/ui/Chart';

const MOST = 50;
const QUIET = new Set(['OPEN_ADMIN', 'PLAN_PROPOSED', 'PLAN_WITHDRAWN']);

export function useMarks(siteId: string): Mark[] {
  const { data } = useInfiniteQuery(auditQuery({ subject: siteId }, MOST));
  return useMemo(
    () =>
      (data ?? [])
        .filter(({ action }) => !QUIET.has(action))
        .map(({ at, action }) => ({ at: Date.parse(at) / 1000, label: inWords(action) })),
    [data],
  );
}

function inWords(action: string): string {
  const words = action.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
