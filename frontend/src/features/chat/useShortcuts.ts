// Keys of the conversation: / to write, ⌘. or Ctrl+. to stop an answer, j and k from message to message.

import { useKeys } from '@/lib/keys';

type Shortcuts = { write: () => void; stop: (() => void) | undefined };

export function useShortcuts({ write, stop }: Shortcuts): void {
  useKeys({ '/': write, 'mod+.': stop, j: () => step(1), k: () => step(-1) });
}

/** Moves the focus to the next or the previous message; from anywhere else to the newest. */
function step(by: 1 | -1): void {
  const messages = [...document.querySelectorAll<HTMLElement>('[data-message]')];
  const at = messages.findIndex((message) => message.contains(document.activeElement));
  const next = messages[at < 0 ? messages.length - 1 : Math.min(Math.max(at + by, 0), messages.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
}
