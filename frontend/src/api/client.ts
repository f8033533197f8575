// The typed way to the control plane: every POST carries an Idempotency-Key, every refusal is thrown as an ApiProblem.

import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './api.d.ts';
import { problemFrom, unreachable } from './problem';
import type { Sent } from './types';

const manners: Middleware = {
  onRequest({ request }) {
    if (request.method === 'POST') request.headers.set('Idempotency-Key', crypto.randomUUID());
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemFrom(response);
  },
  onError: () => unreachable(),
};

export const client = createClient<paths>({ fetch: (request) => globalThis.fetch(request) });
client.use(manners);

/** The body of an answer that the contract says has one. */
export function body<T>({ data }: { data?: T }): Sent<T> {
  if (data === undefined) throw unreachable();
  return data as Sent<T>;
}
