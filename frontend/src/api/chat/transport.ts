// How useChat reaches the assistant: one POST per message, and the answer's log followed until its real end (followLog.ts).
// The server holds the history; only the newest message travels.

import type { ChatTransport } from 'ai';
import { unreachable } from '../problem';
import { askAssistant } from './ask';
import { followLog, type Link, type LogSource } from './followLog';
import { type ChatMessage, type Chunk, textOf } from './messages';

export type TransportOptions = {
  /** Empty in the app: the same origin. */
  origin?: string;
  conversation: () => string | null;
  onConversation: (id: string) => void;
  onLink?: (link: Link) => void;
  silenceMs?: number;
  wait?: LogSource['wait'];
};

type Sending = Parameters<ChatTransport<ChatMessage>['sendMessages']>[0];
type Resuming = Parameters<ChatTransport<ChatMessage>['reconnectToStream']>[0];

export class LosslessTransport implements ChatTransport<ChatMessage> {
  /** Without a cursor the server sends the whole log again. */
  readonly resumeStreamIsReplay = true;
  readonly #options: TransportOptions;
  readonly #accepted = new Set<string>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Messages the server is known to hold: only those may be retried by id. */
  remember(messages: ChatMessage[]): void {
    for (const message of messages) this.#accepted.add(message.id);
  }

  async sendMessages({ messages, trigger, abortSignal, body }: Sending): Promise<ReadableStream<Chunk>> {
    const message = messages.findLast((one) => one.role === 'user');
    if (!message) throw unreachable();
    const response = await this.#ask('', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.#submission(message, trigger, body)),
      signal: abortSignal ?? null,
    });
    this.#accepted.add(message.id);
    const conversation = response.headers.get('x-conversation-id');
    if (conversation) this.#options.onConversation(conversation);
    return this.#stream(response, abortSignal);
  }

  async reconnectToStream({ abortSignal }: Resuming): Promise<ReadableStream<Chunk> | null> {
    const response = await this.#reopen(null, abortSignal ?? new AbortController().signal);
    return response && this.#stream(response, abortSignal);
  }

  #submission(message: ChatMessage, trigger: Sending['trigger'], more: Sending['body']) {
    const conversation = this.#options.conversation();
    const known = conversation ? { conversation_id: conversation } : {};
    if (conversation && trigger === 'regenerate-message' && this.#accepted.has(message.id)) {
      return { ...known, retry: message.id, ...more };
    }
    return { ...known, message: { id: message.id, text: textOf(message) } };
  }

  async #reopen(after: string | null, signal: AbortSignal): Promise<Response | null> {
    const conversation = this.#options.conversation();
    if (!conversation) return null;
    const headers: Record<string, string> = after ? { 'last-event-id': after } : {};
    const response = await this.#ask(`/${encodeURIComponent(conversation)}/stream`, { headers, signal });
    return response.status === 204 ? null : response;
  }

  #ask(path: string, init: RequestInit): Promise<Response> {
    return askAssistant(path, init, this.#options.origin);
  }

  #stream(first: Response, signal?: AbortSignal): ReadableStream<Chunk> {
    const leaving = new AbortController();
    signal?.addEventListener('abort', () => leaving.abort(), { once: true });
    const chunks = followLog(first, {
      reopen: (after, whileWanted) => this.#reopen(after, whileWanted),
      signal: leaving.signal,
      onLink: (link) => this.#options.onLink?.(link),
      ...(this.#options.silenceMs !== undefined && { silenceMs: this.#options.silenceMs }),
      ...(this.#options.wait && { wait: this.#options.wait }),
    });
    return new ReadableStream<Chunk>({
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => leaving.abort(),
    });
  }
}
