// The wire's error chunk, turned into a part of the message it belongs to.

import { readTrouble } from '@/lib/words';
import type { Chunk } from './messages';

export function withErrorsAsParts(chunk: Chunk): Chunk {
  if (chunk.type !== 'error') return chunk;
  return { type: 'data-error', id: 'error', data: readTrouble(chunk.errorText) };
}
