// Waiting, and a clock for what counts down on screen.

import { useEffect, useState } from 'react';

/** Resolves after the time, or at once when the signal is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The current time, renewed every `everyMs` while `running`. */
export function useNow(everyMs: number, running = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, running]);
  return now;
}

/** First wait about 150 ms, then twice as long each time up to 5 s; 30 % of chance, so that many clients do not return at once. */
export function backoff(attempt: number): number {
  return Math.min(5000, 150 * 2 ** attempt * (0.7 + Math.random() * 0.6));
}
