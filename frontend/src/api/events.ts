// What the control plane's one stream says: something changed. Here it is heard, and passed to whoever asked to know.

import { readFrames } from '@/lib/sse';
import { backoff, sleep } from '@/lib/time';
import { isLive } from './live';

const SILENCE_MS = 30_000;
/** After a refusal such as "too many streams", or from a platform that has none. */
const REFUSED_MS = 15_000;

export type Kind = 'operation' | 'tenant' | 'plan' | 'conversation' | 'member' | 'alert' | 'reset';
export type Happening = { kind: Kind; id: string | null; tenant_id: string | null; state: string | null };
/** How far this tab has heard. */
type Place = { last: string };
type Listener = (happening: Happening) => void;

const listeners = new Set<Listener>();

/** Calls back at each event until the returned function is called. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Listens until aborted. `signedOut` is called when the stream says that nobody is signed in any more. */
export async function follow(signal: AbortSignal, signedOut: () => void): Promise<void> {
  const place: Place = { last: '' };
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const status = await listen(place, signal).catch(() => 0);
    isLive.set(false);
    if (status === 401) return signedOut();
    if (status === 200) attempt = 0;
    await sleep(status === 0 || status >= 500 || status === 200 ? backoff(attempt) : REFUSED_MS, signal);
  }
}

/** One connection, to its end. Resolves with how it was answered. */
async function listen(place: Place, signal: AbortSignal): Promise<number> {
  const headers: HeadersInit = place.last ? { 'Last-Event-ID': place.last } : {};
  const response = await fetch('/api/events', { signal, headers });
  if (!response.ok) return response.status;
  isLive.set(true);
  // Without a place to go on from anything may have been missed: while away, or between the page's first reads and this moment.
  if (!place.last) tell({ kind: 'reset', id: null, tenant_id: null, state: null });
  // Cut off or silent: it was open all the same, so it is opened again soon.
  await hear(response, place, signal).catch(() => undefined);
  return response.status;
}

async function hear(response: Response, place: Place, signal: AbortSignal): Promise<void> {
  for await (const { id, event, data } of readFrames(response, SILENCE_MS, signal)) {
    place.last = id ?? place.last;
    tell({ ...(JSON.parse(data) as Omit<Happening, 'kind'>), kind: event as Kind });
  }
}

function tell(happening: Happening): void {
  for (const listener of listeners) listener(happening);
}
