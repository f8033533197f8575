// Keys that work anywhere on the page. Letters do so only while nobody is writing and no dialog is open.

import { useEffect, useRef } from 'react';

/** By the key as it is named, with `mod+` before it where ⌘ or Ctrl is held. */
export type Keys = Record<string, (() => void) | undefined>;

export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = event.defaultPrevented ? undefined : current.current[nameOf(event)];
      if (!act || isTaken(event)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function nameOf({ key, metaKey, ctrlKey, altKey }: KeyboardEvent): string {
  if (altKey) return '';
  return metaKey || ctrlKey ? `mod+${key.toLowerCase()}` : key;
}

function isTaken({ target, metaKey, ctrlKey }: KeyboardEvent): boolean {
  if (metaKey || ctrlKey) return false;
  const isWriting = target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
  return isWriting || document.querySelector('[role=dialog], [role=menu]') !== null;
}
