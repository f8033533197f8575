// Server-sent events out of a fetch response, with a deadline on silence: a peer that says nothing for too long is gone.

import { createParser, type EventSourceMessage } from 'eventsource-parser';

export type Frame = EventSourceMessage;

/** Yields each event; returns when the body ends or `signal` is aborted; throws when it breaks or is silent for `silenceMs`. */
export async function* readFrames(response: Response, silenceMs: number, signal: AbortSignal): AsyncGenerator<Frame> {
  if (!response.body) return;
  const reader = response.body.getReader();
  const leave = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', leave, { once: true });
  const decoder = new TextDecoder();
  let ready: Frame[] = [];
  const parser = createParser({ onEvent: (frame) => ready.push(frame) });
  try {
    for (;;) {
      const { done, value } = await withDeadline(reader.read(), silenceMs);
      if (done || signal.aborted) return;
      parser.feed(decoder.decode(value, { stream: true }));
      const batch = ready;
      ready = [];
      yield* batch;
    }
  } finally {
    // The body may already be broken; there is nobody left to tell.
    signal.removeEventListener('abort', leave);
    leave();
  }
}

function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('silence')), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
