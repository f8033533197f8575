// A conversation as its link shows it, to whoever has it.

import { body, client } from './client';
import type { SharedThread } from './types';

export async function readShared(secret: string): Promise<SharedThread> {
  return body(await client.GET('/api/shared/{secret}', { params: { path: { secret } } }));
}
