// @vitest-environment node
// The transport over a network that fails: nothing lost, nothing doubled, and an end only where the log ends.

import { Chat } from '@ai-sdk/react';
import { afterEach, describe, expect, it } from 'vitest';
import { type ChatMessage, type Chunk, textOf } from '@/api/chat/messages';
import { LosslessTransport, type TransportOptions } from '@/api/chat/transport';
import { type Connection, type Frame, log, sendAll, serveLog, words, write } from './logServer';

const question: ChatMessage = { id: 'u_1', role: 'user', parts: [{ type: 'text', text: 'count' }] };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(frames: Frame[], treat?: Connection, options: Partial<TransportOptions> = {}) {
  const server = await serveLog(frames, treat);
  closing.push(server.close);
  const links: string[] = [];
  let conversation: string | null = null;
  const transport = new LosslessTransport({
    origin: server.origin,
    conversation: () => conversation,
    onConversation: (id) => {
      conversation = id;
    },
    onLink: (link) => links.push(link),
    wait: () => 0,
    ...options,
  });
  return { transport, received: server.received, links, conversation: () => conversation };
}

type Trigger = 'submit-message' | 'regenerate-message';

async function ask(
  transport: LosslessTransport,
  trigger: Trigger = 'submit-message',
  signal?: AbortSignal,
  body?: object,
) {
  return read(
    await transport.sendMessages({
      ...(body && { body }),
      trigger,
      chatId: 'c',
      messageId: undefined,
      messages: [question],
      abortSignal: signal,
    }),
  );
}

async function read(stream: ReadableStream<Chunk> | null): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  const reader = stream?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) return chunks;
    chunks.push(next.value);
  }
}

const LENGTH = 60;
const EVERY = Array.from({ length: 50 }, (_, place) => place + 1);

describe('a connection that ends cleanly in the middle of an answer', () => {
  it.each(EVERY)('loses and doubles nothing when it ends after every %i frames', async (count) => {
    const frames = log(words(LENGTH));
    const { transport, received } = await open(frames, (response, rest) => {
      if (rest.length <= count) return sendAll(response, rest);
      write(response, rest.slice(0, count));
      response.end();
    });
    expect(await ask(transport)).toEqual(frames.map((frame) => frame.chunk));
    expect(received).toHaveLength(Math.ceil(frames.length / count));
  });
});

describe('a connection that breaks', () => {
  it.each([1, 2, 3, 5, 8, 13, 21, 34])(
    'loses and doubles nothing when it breaks inside frame %i of each',
    async (count) => {
      const frames = log(words(LENGTH));
      const { transport } = await open(frames, (response, rest) => {
        if (rest.length <= count) return sendAll(response, rest);
        write(response, rest.slice(0, count));
        response.write(`id: ${rest[count]?.id}\ndata: {"type":"text-de`, () => response.destroy());
      });
      expect(await ask(transport)).toEqual(frames.map((frame) => frame.chunk));
    },
  );

  it('is noticed when it merely falls silent', async () => {
    const frames = log(words(3));
    const silent: Connection = (response, rest, attempt) =>
      attempt === 1 ? write(response, rest.slice(0, 2)) : sendAll(response, rest);
    const { transport, links } = await open(frames, silent, { silenceMs: 60 });
    expect(await ask(transport)).toEqual(frames.map((frame) => frame.chunk));
    expect(links).toContain('reconnecting');
    expect(links.at(-1)).toBe('live');
  });

  it('is given up after eight tries that bring nothing', async () => {
    const { transport, received } = await open(log(words(3)), (response, rest, attempt) => {
      if (attempt === 1) write(response, rest.slice(0, 1));
      response.end();
    });
    await expect(ask(transport)).rejects.toMatchObject({ details: { code: 'offline' } });
    expect(received).toHaveLength(1 + 8);
  });

  it('does not use up its tries as long as each brings something', async () => {
    const frames = log(words(LENGTH));
    const { transport } = await open(frames, (response, rest) => {
      write(response, rest.slice(0, 1));
      response.end();
    });
    expect(await ask(transport)).toHaveLength(frames.length);
  });
});

describe('what the server sends again', () => {
  it('is dropped when it was seen before', async () => {
    const frames = log(words(LENGTH));
    const { transport } = await open(frames, (response, rest, attempt) => {
      if (attempt > 1) return sendAll(response, frames);
      write(response, rest.slice(0, 20));
      response.end();
    });
    expect(await ask(transport)).toEqual(frames.map((frame) => frame.chunk));
  });

  it('asks for what comes after the last frame seen', async () => {
    const { transport, received } = await open(log(words(4)), (response, rest, attempt) => {
      if (attempt > 1) return sendAll(response, rest);
      write(response, rest.slice(0, 3));
      response.end();
    });
    await ask(transport);
    expect(received[1]).toMatchObject({ method: 'GET', path: '/chat/con_1/stream', after: 'm_1:3' });
  });
});

describe('the end of an answer', () => {
  it.each(['finish', 'abort', 'error'])('is a last chunk of type %s, even without [DONE]', async (type) => {
    const chunks = [...words(2).slice(0, -1), type === 'error' ? { type, errorText: '{"code":"quota"}' } : { type }];
    const { transport, received } = await open(log(chunks), (response, rest) => {
      write(response, rest);
      response.end();
    });
    expect(await ask(transport)).toHaveLength(chunks.length);
    expect(received).toHaveLength(1);
  });

  it('is [DONE], even when the connection stays open', async () => {
    const { transport } = await open(log(words(2).slice(0, -1)), (response, rest) => {
      write(response, rest);
      response.write('data: [DONE]\n\n');
    });
    expect(await ask(transport)).toHaveLength(5);
  });

  it('is stale when the server has no more of an unfinished answer', async () => {
    const { transport } = await open(log(words(2)), (response, rest, attempt) => {
      if (attempt > 1) return void response.writeHead(204).end();
      write(response, rest.slice(0, 2));
      response.end();
    });
    await expect(ask(transport)).rejects.toMatchObject({ details: { code: 'stale_conversation' } });
  });

  it('is stale when another answer arrives in its place', async () => {
    const { transport } = await open(log(words(2)), (response, rest, attempt) => {
      if (attempt > 1) return sendAll(response, log(words(2), 'm_2'));
      write(response, rest.slice(0, 2));
      response.end();
    });
    await expect(ask(transport)).rejects.toMatchObject({ details: { code: 'stale_conversation' } });
  });

  it('is a refusal when the session is over meanwhile', async () => {
    const { transport, received } = await open(log(words(2)), (response, rest, attempt) => {
      if (attempt > 1) return void response.writeHead(401).end('{"code":"session_expired"}');
      write(response, rest.slice(0, 2));
      response.end();
    });
    await expect(ask(transport)).rejects.toMatchObject({ status: 401 });
    expect(received).toHaveLength(2);
  });

  it('comes at once when the reader leaves', async () => {
    const leaving = new AbortController();
    const { transport } = await open(log(words(2)), (response, rest) => {
      write(response, rest.slice(0, 2));
      setTimeout(() => leaving.abort(), 50);
    });
    expect(await ask(transport, 'submit-message', leaving.signal)).toHaveLength(2);
  });
});

describe('what is sent', () => {
  it('is the new message alone, and the answer names its conversation', async () => {
    const { transport, received, conversation } = await open(log(words(1)));
    await ask(transport);
    expect(received[0]).toMatchObject({
      method: 'POST',
      path: '/chat',
      body: { message: { id: 'u_1', text: 'count' } },
    });
    expect(conversation()).toBe('con_1');
  });

  it('is the id of the message when an answer is tried again', async () => {
    const { transport, received } = await open(log(words(1)));
    await ask(transport);
    await ask(transport, 'regenerate-message');
    expect(received[1]?.body).toEqual({ conversation_id: 'con_1', retry: 'u_1' });
  });

  it('asks for an answer without the language model where the person wishes so', async () => {
    const { transport, received } = await open(log(words(1)));
    await ask(transport);
    await ask(transport, 'regenerate-message', undefined, { engine: 'offline' });
    expect(received[1]?.body).toEqual({ conversation_id: 'con_1', retry: 'u_1', engine: 'offline' });
  });

  it('is the message once more when it never arrived', async () => {
    const { transport, received } = await open(log(words(1)), (response, rest, attempt) =>
      attempt === 1 ? void response.destroy() : sendAll(response, rest),
    );
    await expect(ask(transport)).rejects.toMatchObject({ details: { code: 'offline' } });
    await ask(transport, 'regenerate-message');
    expect(received[1]?.body).toEqual({ message: { id: 'u_1', text: 'count' } });
  });
});

describe('the AI SDK on top', () => {
  it('builds one message out of an answer in forty pieces', async () => {
    const { transport } = await open(log(words(LENGTH)), (response, rest) => {
      if (rest.length <= 2) return sendAll(response, rest);
      write(response, rest.slice(0, 2));
      response.end();
    });
    const chat = new Chat<ChatMessage>({ transport });
    await chat.sendMessage({ text: 'count' });
    expect(chat.status).toBe('ready');
    expect(chat.messages).toHaveLength(2);
    expect(chat.messages[1] && textOf(chat.messages[1])).toBe(
      Array.from({ length: LENGTH }, (_, place) => `w${place} `).join(''),
    );
  });

  it('keeps a failure as a part of the message, with its code and reference', async () => {
    const failing = [
      { type: 'start', messageId: 'm_1' },
      { type: 'error', errorText: '{"code":"run_failed","ref":"r1"}' },
    ];
    const { transport } = await open(log(failing));
    const chat = new Chat<ChatMessage>({ transport });
    await chat.sendMessage({ text: 'crash' });
    expect(chat.status).toBe('ready');
    expect(chat.messages[1]?.parts).toContainEqual({
      type: 'data-error',
      id: 'error',
      data: { code: 'run_failed', ref: 'r1' },
    });
  });

  it('replays the whole answer into one message when it is resumed', async () => {
    const { transport, received } = await open(log(words(5)), undefined, { conversation: () => 'con_1' });
    const chat = new Chat<ChatMessage>({ transport, messages: [question] });
    await chat.resumeStream();
    expect(received[0]).toMatchObject({ method: 'GET', after: undefined });
    expect(chat.messages.map((message) => message.id)).toEqual(['u_1', 'm_1']);
  });
});
