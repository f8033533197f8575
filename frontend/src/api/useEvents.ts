// Keeps what is on screen true: whatever the control plane says has changed is read again. Once in a tab.

import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { goToSignIn } from '@/lib/page';
import { follow, type Happening, onEvent } from './events';

/** What comes together is read again together. */
const GATHER_MS = 60;

export function useEvents(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const leaving = new AbortController();
    const stop = onEvent(gathered(queryClient));
    void follow(leaving.signal, goToSignIn);
    return () => {
      stop();
      leaving.abort();
    };
  }, [queryClient]);
}

function gathered(queryClient: QueryClient): (happening: Happening) => void {
  let waiting = new Map<string, QueryKey>();
  const readAgain = () => {
    const keys = waiting;
    waiting = new Map();
    for (const queryKey of keys.values()) void queryClient.invalidateQueries({ queryKey });
  };
  return (happening) => {
    if (happening.kind === 'reset') return readEverythingAgain(queryClient);
    if (waiting.size === 0) setTimeout(readAgain, GATHER_MS);
    for (const key of touchedBy(happening)) waiting.set(JSON.stringify(key), key);
  };
}

/** The queries that may show what changed; a key stands for all that begin with it. */
function touchedBy({ kind, id, state }: Happening): QueryKey[] {
  switch (kind) {
    case 'operation': {
      const hasEnded = state === 'succeeded' || state === 'failed';
      return [
        ['operation', id],
        ['operations'],
        ['audit'],
        ...(hasEnded ? [['tenants'], ['tenant'], ['suggestions']] : []),
      ];
    }
    case 'tenant':
      return [['tenants'], ['tenant'], ['me'], ['suggestions']];
    case 'alert':
      return [['alerts']];
    case 'plan':
      return [['plan', id], ['suggestions']];
    case 'conversation':
      return [['threads']];
    case 'member':
      return [['tenants'], ['tenant'], ['members'], ['me'], ['suggestions']];
    default:
      return [];
  }
}

/** An open conversation is no resource that is read again; it has a stream of its own. */
function readEverythingAgain(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}
