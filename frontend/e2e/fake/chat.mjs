// The fake assistant's side of the wire: threads, one append-only log per answer, live and resumed streams, stopping. It can be told
// to end the connection after every so many frames, which is what a bad network does.

import { answer } from './assistant.mjs';
import { Log } from './log.mjs';
import { newId } from './world.mjs';

const HEADERS = {
  'content-type': 'text/event-stream',
  'x-vercel-ai-ui-message-stream': 'v1',
  'cache-control': 'no-cache, no-transform',
};

export class Threads {
  constructor(world) {
    this.world = world;
    this.threads = new Map();
    /** Frames after which every connection is ended; 0 for never. */
    this.cutAfter = 0;
    this.connections = 0;
  }

  list() {
    const items = [...this.threads.values()].map((thread) => this.summary(thread));
    return { items: items.reverse(), next_cursor: null };
  }

  /** One of each kind: said as it stands, begun, and gone on with when there is a conversation. */
  suggestions() {
    const plain = { text: '', is_beginning: false, conversation_id: null };
    const waiting = [...this.threads.values()].slice(-1).map(({ id, title }) => ({ label: `Go on: ${title}`, id }));
    return [
      ...waiting.map(({ label, id }) => ({ ...plain, label, conversation_id: id })),
      { ...plain, label: 'Count for me', text: 'count to 3' },
      { ...plain, label: 'Create a site for…', text: 'Create a site for ', is_beginning: true },
    ];
  }

  summary({ id, title, updated_at, shared_at }) {
    return { id, title, updated_at, shared_at, needs_you: false };
  }

  show({ id, title, shared_at, messages }) {
    return { id, title, shared_at, messages: messages.map((one) => (one.role === 'user' ? one : showLog(one))) };
  }

  /** Starts an answer and returns its log, or null when one is being given already. */
  submit({ conversation_id, message, retry }) {
    const thread = this.threads.get(conversation_id) ?? this.#newThread(message.text);
    if (head(thread)?.active) return null;
    const question = thread.messages.find((one) => one.id === (retry ?? message.id)) ?? ask(thread, message);
    const log = new Log(newId('m'), thread);
    thread.messages.push(log);
    void log.write(answer(this.world, retry ? 'help' : question.text));
    return log;
  }

  #newThread(title) {
    const now = new Date().toISOString();
    const thread = { id: newId('con'), title: title.slice(0, 60), updated_at: now, shared_at: null, messages: [] };
    this.threads.set(thread.id, thread);
    return thread;
  }

  /** Sends the log from a frame on, waits for more while it is being written, and ends. */
  async stream(response, log, from = 0) {
    this.connections += 1;
    response.writeHead(200, { ...HEADERS, 'x-conversation-id': log.thread.id });
    for (let seq = from; !response.destroyed; seq += 1) {
      const chunk = await log.at(seq);
      if (!chunk) break;
      response.write(`id: ${log.id}:${seq + 1}\ndata: ${JSON.stringify(chunk)}\n\n`);
      if (seq + 1 - from === this.cutAfter) return response.end();
    }
    response.end('data: [DONE]\n\n');
  }

  resume(response, thread, lastEventId) {
    const log = head(thread);
    const [message, seq] = lastEventId?.split(':') ?? [];
    const from = message === log?.id ? Number(seq) : 0;
    if (!log || (!log.active && from === 0)) return response.writeHead(204).end();
    return this.stream(response, log, from);
  }

  cancel(thread) {
    const log = head(thread);
    if (log) log.cancelled = true;
  }
}

function ask(thread, { id, text }) {
  const question = { role: 'user', id, text, created_at: new Date().toISOString() };
  thread.messages.push(question);
  return question;
}

const head = (thread) => thread.messages.findLast((one) => one.role === 'assistant');

function showLog(log) {
  return { id: log.id, role: log.role, active: log.active, chunks: log.compacted() };
}
