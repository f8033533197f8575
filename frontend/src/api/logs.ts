// A site's log: its lines page by page, how many there are over time, and those that come in, as they come.

import { readFrames } from '@/lib/sse';
import { backoff, sleep } from '@/lib/time';
import type { components, operations } from './api.d.ts';
import { body, client } from './client';
import type { Sent } from './types';

type Schemas = components['schemas'];

export type LogLine = Sent<Schemas['LogLineRead']>;
export type LogPage = Sent<Schemas['LogPage']>;
export type LogCounts = Sent<Schemas['LogCounts']>;
export type Level = LogLine['level'];
/** Which lines, and from when until when, as the API is told it. */
export type Asked = Omit<NonNullable<operations['list_logs']['parameters']['query']>, 'limit' | 'cursor'>;

export const PAGE = 500;
const SILENCE_MS = 30_000;
const GATHER_MS = 100;

/** A page of lines, newest first. */
export async function logPage(tenant: string, asked: Asked, cursor = ''): Promise<LogPage> {
  const query = { ...asked, limit: PAGE, ...(cursor && { cursor }) };
  return body(await client.GET('/api/tenants/{tenant}/logs', { params: { path: { tenant }, query } }));
}

export async function logCounts(tenant: string, asked: Asked): Promise<LogCounts> {
  return body(await client.GET('/api/tenants/{tenant}/logs/counts', { params: { path: { tenant }, query: asked } }));
}

/** Tells what comes in behind the line `after`, some at a time, until aborted or the platform refuses. `isOpen` hears of the connection. */
export async function followLog(
  tenant: string,
  asked: Asked,
  after: string,
  signal: AbortSignal,
  { tell, isOpen }: { tell: (lines: LogLine[]) => void; isOpen: (open: boolean) => void },
): Promise<void> {
  const place = { last: after };
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const began = place.last;
    const status = await listen(`/api/tenants/${encodeURIComponent(tenant)}/logs/stream?${searchOf(asked)}`, place, {
      signal,
      tell,
      isOpen,
    }).catch(() => 0);
    if (signal.aborted) return;
    isOpen(false);
    if (status >= 400 && status < 500 && status !== 429) return;
    if (place.last !== began) attempt = 0;
    await sleep(backoff(attempt), signal);
  }
}

type Ear = { signal: AbortSignal; tell: (lines: LogLine[]) => void; isOpen: (open: boolean) => void };

/** One connection, to its end. Resolves with how it was answered. */
async function listen(address: string, place: { last: string }, { signal, tell, isOpen }: Ear): Promise<number> {
  const headers: HeadersInit = place.last ? { 'Last-Event-ID': place.last } : {};
  const response = await fetch(address, { signal, headers });
  if (!response.ok) return response.status;
  isOpen(true);
  const gathered = gathering(tell);
  try {
    for await (const { id, event, data } of readFrames(response, SILENCE_MS, signal)) {
      if (event !== 'line') continue;
      gathered.add(JSON.parse(data) as LogLine);
      place.last = id ?? place.last;
    }
  } finally {
    gathered.flush();
  }
  return response.status;
}

/** What comes together is told together: a page that is drawn for every line of many would stand still. */
function gathering(tell: (lines: LogLine[]) => void) {
  let waiting: LogLine[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const lines = waiting;
    waiting = [];
    if (lines.length > 0) tell(lines);
  };
  const add = (line: LogLine) => {
    waiting.push(line);
    timer ??= setTimeout(flush, GATHER_MS);
  };
  return { add, flush };
}

function searchOf({ source, level, q, environment, request_id }: Asked): string {
  const search = new URLSearchParams();
  for (const one of source ?? []) search.append('source', one);
  for (const [name, value] of Object.entries({ level, q, environment, request_id })) {
    if (value) search.set(name, value);
  }
  return search.toString();
}
