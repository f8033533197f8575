// What the chat knows of cards: there are some, and the page that shows the chat knows how to draw them.

import type { ReactNode } from 'react';
import type { ChatPart } from '@/api/chat/messages';

export type CardPart = Extract<ChatPart, { type: `data-${string}` }>;
export type CardPlace = { isNewest: boolean; isFresh: boolean };
export type ShowCard = (part: CardPart, place: CardPlace) => ReactNode;

export function isCard(part: ChatPart): part is CardPart {
  return part.type.startsWith('data-');
}
