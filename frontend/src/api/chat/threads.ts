// A conversation kept by the server: opened (each answer folded from its log) and stopped.

import { readUIMessageStream } from 'ai';
import { askAssistant } from './ask';
import { withErrorsAsParts } from './errorChunks';
import { type ChatMessage, type Chunk, failureOf } from './messages';

type StoredMessage =
  | { role: 'user'; id: string; text: string; created_at: string }
  | { role: 'assistant'; id: string; active: boolean; chunks: Chunk[] };
type StoredThread = { id: string; title: string; shared_at: string | null; messages: StoredMessage[] };

export type Thread = { title: string; sharedAt: string | null; messages: ChatMessage[]; isActive: boolean };

/** The conversation so far, without an answer that is still being given: that one is resumed as a stream. */
export async function openThread(id: string): Promise<Thread> {
  const stored = (await (await askAssistant(`/${encodeURIComponent(id)}`)).json()) as StoredThread;
  const finished = stored.messages.filter((message) => message.role === 'user' || !message.active);
  const messages = await Promise.all(finished.map(fold));
  return {
    title: stored.title,
    sharedAt: stored.shared_at,
    messages: messages.filter(isNotRetried),
    isActive: finished.length < stored.messages.length,
  };
}

/** Asks the server to stop answering; the answer then ends by itself, saying that it was stopped. */
export async function stopAnswer(conversation: string): Promise<void> {
  await askAssistant(`/${encodeURIComponent(conversation)}/cancel`, { method: 'POST' });
}

/** Same message as the one the live stream built: both come from the same chunks through the same reducer. */
export async function fold(stored: StoredMessage): Promise<ChatMessage> {
  if (stored.role === 'user') {
    return { id: stored.id, role: 'user', parts: [{ type: 'text', text: stored.text }] };
  }
  let message: ChatMessage = { id: stored.id, role: 'assistant', parts: [] };
  const stream = streamOf(stored.chunks.map(withErrorsAsParts));
  for await (const state of readUIMessageStream<ChatMessage>({ message, stream })) message = state;
  return message;
}

function streamOf(chunks: Chunk[]): ReadableStream<Chunk> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

/** A failed answer that was tried again is followed by another answer to the same words. */
function isNotRetried(message: ChatMessage, index: number, all: ChatMessage[]): boolean {
  const next = all[index + 1];
  return !(failureOf(message) && next?.role === 'assistant');
}
