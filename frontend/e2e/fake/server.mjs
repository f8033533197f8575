// A fake platform on one port, for developing and testing the app without the real one: the built app under its real content
// security policy, the wire of the control plane and of the assistant, and a page per site. Never part of the product.

import { createServer } from 'node:http';
import { api } from './api.mjs';
import { Threads } from './chat.mjs';
import { serveApp } from './files.mjs';
import { readJson, refuse, send, signedIn } from './http.mjs';
import { serveSite } from './sites.mjs';
import { World } from './world.mjs';

/**
 * Starts it and resolves with its world, its address, a one-time sign-in link and the way to stop it.
 * @param {{ port?: number, email?: string, pace?: number }} [options]
 */
export async function startFake({ port = 0, ...options } = {}) {
  const world = new World(options);
  const threads = new Threads(world);
  const server = createServer((request, response) => {
    route({ world, threads, request, response }).catch((error) => {
      console.error(error);
      if (!response.headersSent) refuse(response, 500, 'run_failed');
    });
  });
  await new Promise((resolve) => server.listen(port, 'localhost', resolve));
  world.port = server.address().port;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { world, threads, url: `http://localhost:${world.port}`, link: world.newLink(), close };
}

async function route(call) {
  const { request, response, world } = call;
  const host = request.headers.host.split(':')[0];
  const { pathname } = new URL(request.url, 'http://localhost');
  if (host.endsWith('.localhost')) return serveSite(world, host.replace('.localhost', ''), request, response);
  if (!isOwnOrigin(request)) return refuse(response, 403, 'forbidden', 'Wrong origin.');
  if (pathname.startsWith('/api/')) return api(call, pathname.slice(5));
  if (pathname === '/chat' || pathname.startsWith('/chat/')) return chat(call, pathname.slice(6));
  return serveApp(request, response, pathname);
}

/** A cookie alone must not be enough to change anything. */
function isOwnOrigin({ method, headers }) {
  const from = headers.origin ?? headers.referer ?? '';
  return ['GET', 'HEAD'].includes(method) || `${from}/`.startsWith(`http://${headers.host}/`);
}

async function chat({ world, threads, request, response }, path) {
  if (!signedIn(world, request)) return refuse(response, 401, 'session_expired');
  const [id, action = ''] = path.split('/');
  if (!id) return request.method === 'POST' ? submit(threads, request, response) : send(response, 200, threads.list());
  if (id === 'suggestions') return send(response, 200, { items: threads.suggestions() });
  const thread = threads.threads.get(id);
  if (!thread) return refuse(response, 404, 'not_found', 'No such conversation.');
  if (action === 'stream') return threads.resume(response, thread, request.headers['last-event-id']);
  if (action === 'cancel') {
    threads.cancel(thread);
    return response.writeHead(202).end();
  }
  return keep(threads, thread, request, response);
}

/** A conversation as a whole: shown, renamed, forgotten. */
function keep(threads, thread, request, response) {
  if (request.method === 'PATCH') return rename(threads, thread, request, response);
  if (request.method !== 'DELETE') return send(response, 200, threads.show(thread));
  threads.threads.delete(thread.id);
  return response.writeHead(204).end();
}

async function rename(threads, thread, request, response) {
  thread.title = (await readJson(request)).title;
  return send(response, 200, threads.summary(thread));
}

async function submit(threads, request, response) {
  const log = threads.submit(await readJson(request));
  return log ? threads.stream(response, log) : refuse(response, 409, 'stale_conversation');
}
