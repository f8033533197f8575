// The fake control plane's links to conversations: made, ended, and followed by whoever has one.

import { randomUUID } from 'node:crypto';
import { refuse, send } from './http.mjs';

/** `threads/{id}/share`, for whoever is signed in. */
export function share({ threads, world, request, response }, id) {
  const thread = threads.threads.get(id);
  if (!thread) return refuse(response, 404, 'not_found', 'There is no such conversation.');
  if (request.method === 'DELETE') {
    Object.assign(thread, { shared_at: null, secret: null });
    return response.writeHead(204).end();
  }
  Object.assign(thread, { shared_at: new Date().toISOString(), secret: randomUUID(), shown: thread.messages.length });
  const url = `http://localhost:${world.port}/shared/${thread.secret}`;
  return send(response, 201, { url, shared_at: thread.shared_at });
}

/** `shared/{secret}`, for anybody. */
export function follow({ threads, response }, secret) {
  const thread = [...threads.threads.values()].find((one) => one.secret === secret);
  if (!thread) return refuse(response, 404, 'not_found', 'This link shows nothing.');
  const { title, shared_at, messages, shown } = thread;
  return send(response, 200, { title, shared_at, messages: messages.slice(0, shown).map(reduced) });
}

function reduced(message) {
  if (message.role === 'user') return { role: 'user', parts: [{ kind: 'text', text: message.text }] };
  return { role: 'assistant', parts: message.compacted().map(part).filter(Boolean) };
}

function part({ type, delta }) {
  if (type === 'text-delta') return { kind: 'text', text: delta };
  return type.startsWith('data-') ? { kind: 'card', text: 'Here stood a card.' } : null;
}
