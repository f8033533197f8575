// Which operations have a card on this page: what a card says itself needs no toast.

import { useEffect } from 'react';

const cards = new Map<string, number>();

export function isShown(id: string): boolean {
  return cards.has(id);
}

/** Counts this card while it is on the page. */
export function useShown(id: string): void {
  useEffect(() => {
    cards.set(id, (cards.get(id) ?? 0) + 1);
    return () => {
      const left = (cards.get(id) ?? 1) - 1;
      if (left > 0) cards.set(id, left);
      else cards.delete(id);
    };
  }, [id]);
}
