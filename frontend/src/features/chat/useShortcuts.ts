// Keys that work anywhere on the page: / to write, ⌘. or Ctrl+. to stop an answer.

import { useEffect, useRef } from 'react';

type Shortcuts = { write: () => void; stop: (() => void) | undefined };

export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = actionFor(event, current.current);
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function actionFor(event: KeyboardEvent, { write, stop }: Shortcuts): (() => void) | undefined {
  const hasModifier = event.metaKey || event.ctrlKey;
  if (event.key === '.' && hasModifier) return stop;
  if (event.key === '/' && !hasModifier && !isWriting(event.target)) return write;
  return undefined;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
