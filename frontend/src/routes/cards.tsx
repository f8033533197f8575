// Cards arrive with answers, so their code is asked for once the page stands rather than before it.

import { lazy, Suspense } from 'react';
import type { ShowCard } from '@/features/chat/cards';
import { CardSkeleton } from '@/ui/Card';

const AnyCard = lazy(() => import('./AnyCard'));

/** Fetches what the first answer will need: the cards, and markdown. */
export function warmUp(): void {
  void import('./AnyCard');
  void import('@/features/chat/Words');
}

export const showCard: ShowCard = (part, place) => (
  <Suspense fallback={<CardSkeleton label="Loading" />}>
    <AnyCard part={part} place={place} />
  </Suspense>
);
