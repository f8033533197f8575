// An operation as it happens: read once, then followed through its event stream; asked for again whenever that stream breaks.

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { readFrames } from '@/lib/sse';
import { backoff, sleep } from '@/lib/time';
import { pollMs } from './live';
import { operationQuery } from './queries';
import type { Operation } from './types';

const SILENCE_MS = 30_000;
const CHANGED_BY_AN_END = ['tenant', 'tenants', 'operations'];

export function useOperation(id: string) {
  const queryClient = useQueryClient();
  const query = useQuery({
    ...operationQuery(id),
    refetchInterval: ({ state }) => (state.data && !hasEnded(state.data) ? pollMs() : false),
  });
  const isUnderWay = query.data !== undefined && !hasEnded(query.data);

  useEffect(() => {
    if (!isUnderWay) return;
    return followed(id, queryClient);
  }, [id, isUnderWay, queryClient]);

  return query;
}

export function hasEnded({ state }: Operation): boolean {
  return state === 'succeeded' || state === 'failed';
}

type Following = { watchers: number; leaving: AbortController };
const following = new Map<string, Following>();

/** One stream for all who watch the same operation; the last one who leaves closes it. */
function followed(id: string, queryClient: QueryClient): () => void {
  const one = following.get(id) ?? begin(id, queryClient);
  one.watchers += 1;
  return () => {
    one.watchers -= 1;
    if (one.watchers > 0) return;
    one.leaving.abort();
    following.delete(id);
  };
}

function begin(id: string, queryClient: QueryClient): Following {
  const begun = { watchers: 0, leaving: new AbortController() };
  following.set(id, begun);
  void follow(id, queryClient, begun.leaving.signal);
  return begun;
}

async function follow(id: string, queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    // Cut off or refused: polling goes on meanwhile, and the stream is opened again.
    await listen(id, queryClient, signal).catch(() => undefined);
    await sleep(backoff(attempt), signal);
  }
}

async function listen(id: string, queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  const response = await fetch(`/api/operations/${encodeURIComponent(id)}/events`, { signal });
  if (!response.ok) return;
  for await (const frame of readFrames(response, SILENCE_MS, signal)) {
    if (frame.event === 'operation') remember(queryClient, JSON.parse(frame.data) as Operation);
  }
}

function remember(queryClient: QueryClient, operation: Operation): void {
  queryClient.setQueryData(operationQuery(operation.id).queryKey, operation);
  if (!hasEnded(operation)) return;
  for (const noun of CHANGED_BY_AN_END) void queryClient.invalidateQueries({ queryKey: [noun] });
}
