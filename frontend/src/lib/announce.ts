// What a screen reader is told, one sentence at a time, at the boundaries of work rather than at every word of it.

import { createSignal } from './signal';

export const announcement = createSignal('');

/** The same sentence said twice differs by a space nobody hears, or it would not be spoken again. */
export function announce(sentence: string): void {
  announcement.set(announcement.get() === sentence ? `${sentence}\u00a0` : sentence);
}
