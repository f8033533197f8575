// One answer of the assistant, read from its append-only log on the server. However often the connection is cut, the stream that
// comes out of here has every chunk once and in order, and ends only when the log says that it ended.

import { type Frame, readFrames } from '@/lib/sse';
import { backoff, sleep } from '@/lib/time';
import { ApiProblem, unreachable } from '../problem';
import { withErrorsAsParts } from './errorChunks';
import type { Chunk } from './messages';

export type Link = 'live' | 'reconnecting';

export type LogSource = {
  /** Opens the log after the frame named, or from its start; null when the server has nothing more of it. */
  reopen: (after: string | null, signal: AbortSignal) => Promise<Response | null>;
  signal: AbortSignal;
  onLink: (link: Link) => void;
  silenceMs?: number;
  wait?: (attempt: number) => number;
};

const TRIES = 8;
const SILENCE_MS = 30_000;
const DONE = '[DONE]';
const ENDS = new Set(['finish', 'abort', 'error']);

type Cursor = { message: string; seq: number };
type Progress = { last: string | null; ended: boolean; failures: number };

export async function* followLog(first: Response, source: LogSource): AsyncGenerator<Chunk> {
  const progress: Progress = { last: null, ended: false, failures: 0 };
  let response: Response | null = first;
  while (!source.signal.aborted) {
    if (response) yield* readUntilCut(response, source, progress);
    if (progress.ended || source.signal.aborted) break;
    response = await comeBack(source, progress);
  }
  source.onLink('live');
}

/** A cut is no failure of the answer; anything the server or the wire itself got wrong is. */
async function* readUntilCut(response: Response, source: LogSource, progress: Progress): AsyncGenerator<Chunk> {
  try {
    yield* readChunks(response, source, progress);
  } catch (error) {
    if (error instanceof ApiProblem || error instanceof SyntaxError) throw error;
  }
}

async function* readChunks(response: Response, source: LogSource, progress: Progress): AsyncGenerator<Chunk> {
  for await (const frame of readFrames(response, source.silenceMs ?? SILENCE_MS, source.signal)) {
    progress.failures = 0;
    source.onLink('live');
    const chunk = nextChunk(frame, progress);
    if (chunk) yield withErrorsAsParts(chunk);
    if (frame.data === DONE) return;
  }
}

/** The chunk a frame brings, or null when it was seen before. */
function nextChunk(frame: Frame, progress: Progress): Chunk | null {
  if (frame.data === DONE) progress.ended = true;
  if (frame.data === DONE || !isNew(frame.id, progress.last)) return null;
  progress.last = frame.id ?? progress.last;
  const chunk = JSON.parse(frame.data) as Chunk;
  progress.ended = ENDS.has(chunk.type);
  return chunk;
}

/** Waits and asks for the rest. Null means: not reachable this time, wait longer and ask again. */
async function comeBack(source: LogSource, progress: Progress): Promise<Response | null> {
  if (progress.failures >= TRIES) throw unreachable();
  source.onLink('reconnecting');
  await sleep((source.wait ?? backoff)(progress.failures), source.signal);
  progress.failures += 1;
  if (source.signal.aborted) return null;
  try {
    const response = await source.reopen(progress.last, source.signal);
    if (!response) throw stale();
    return response;
  } catch (error) {
    if (isFinal(error)) throw error;
    return null;
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof ApiProblem && error.status > 0 && error.status < 500;
}

function isNew(id: string | undefined, last: string | null): boolean {
  if (!id || !last) return true;
  const [next, seen] = [readCursor(id), readCursor(last)];
  if (next.message !== seen.message) throw stale();
  return next.seq > seen.seq;
}

function readCursor(id: string): Cursor {
  const cut = id.lastIndexOf(':');
  return { message: id.slice(0, cut), seq: Number(id.slice(cut + 1)) };
}

/** Another answer has begun, or this one's log is gone: only the whole conversation can tell what is true now. */
function stale(): ApiProblem {
  return new ApiProblem(409, { code: 'stale_conversation' });
}
