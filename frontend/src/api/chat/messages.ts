// The parts a message of the assistant may have. Cards carry only the name of a resource; the card itself reads it, and stays live.

import type { UIMessage, UIMessageChunk } from 'ai';
import type { Trouble } from '@/lib/words';
import type { AnswerParts } from './answers';

export type Choice = { label: string; text: string };

export type Strange = {
  where: 'log' | 'page' | 'comment' | 'plugin' | 'domain' | 'backup' | 'message' | 'site';
  lines: { text: string; at: string | null; count: number }[];
};

export type CardParts = AnswerParts & {
  operation: { operation_id: string };
  plan: { plan_id: string };
  site: { tenant: string };
  admin: { tenant: string };
  domain: { tenant: string; domain: string };
  advice: { tenant: string };
  /** The time that was looked at, so that it says the same later. */
  diagnosis: { tenant: string; environment: string; since: string; until: string };
  choices: { options: Choice[] };
  /** What others wrote, and what the platform answered: for the screen, no model is told it. */
  lines: Strange;
  words: { text: string };
  run: { state: 'cancelled' };
  /** Made here of the wire's error chunk, so that a failed answer looks the same live and after a reload. */
  error: Trouble;
};

export type ChatMessage = UIMessage<{ conversation_id?: string }, CardParts>;
export type ChatPart = ChatMessage['parts'][number];
export type Chunk = UIMessageChunk;

export function textOf(message: ChatMessage): string {
  return message.parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('\n');
}

export function failureOf(message: ChatMessage | undefined): Trouble | null {
  return message?.parts.find((part) => part.type === 'data-error')?.data ?? null;
}
