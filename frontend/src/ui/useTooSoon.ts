// A press right after something appeared was meant for what stood there before: for 400 ms it does not count.

import { useEffect, useRef } from 'react';

const IGNORED_MS = 400;

/** Says whether a press comes too soon. The time begins anew whenever `isShown` becomes true. */
export function useTooSoon(isShown = true): () => boolean {
  const shownAt = useRef(performance.now());
  useEffect(() => {
    if (isShown) shownAt.current = performance.now();
  }, [isShown]);
  return () => performance.now() - shownAt.current < IGNORED_MS;
}
