// A server that holds one answer's log and treats its connections badly, in every way a network can.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Frame = { id: string; chunk: Record<string, unknown> };
export type Received = { method: string; path: string; after: string | undefined; body: unknown };
/** What to do with a connection: by default the rest of the log is sent and the answer ends. */
export type Connection = (response: ServerResponse, rest: Frame[], attempt: number) => void;

export function log(chunks: Record<string, unknown>[], message = 'm_1'): Frame[] {
  return chunks.map((chunk, place) => ({ id: `${message}:${place + 1}`, chunk }));
}

/** Text of so many words, as the assistant streams it. */
export function words(count: number): Record<string, unknown>[] {
  const deltas = Array.from({ length: count }, (_, place) => ({ type: 'text-delta', id: 't', delta: `w${place} ` }));
  return [
    { type: 'start', messageId: 'm_1', messageMetadata: { conversation_id: 'con_1' } },
    { type: 'text-start', id: 't' },
    ...deltas,
    { type: 'text-end', id: 't' },
    { type: 'finish' },
  ];
}

export const write = (response: ServerResponse, frames: Frame[]) => {
  for (const { id, chunk } of frames) response.write(`id: ${id}\ndata: ${JSON.stringify(chunk)}\n\n`);
};

export function sendAll(response: ServerResponse, rest: Frame[]): void {
  write(response, rest);
  response.end('data: [DONE]\n\n');
}

export async function serveLog(frames: Frame[], treat: Connection = sendAll) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const call = await read(request);
    received.push(call);
    const place = call.after ? Number(call.after.split(':')[1]) : 0;
    response.setHeader('content-type', 'text/event-stream');
    response.setHeader('x-conversation-id', 'con_1');
    treat(response, frames.slice(place), received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { origin, received, close };
}

async function read(request: IncomingMessage): Promise<Received> {
  let text = '';
  for await (const piece of request) text += piece;
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    after: request.headers['last-event-id'] as string | undefined,
    body: text ? JSON.parse(text) : null,
  };
}
