// The keys of the app, and what ⌘K opens. Small, because it is there from the start; the palette itself comes when it is asked for.

import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useRef } from 'react';
import { useKeys } from '@/lib/keys';

const Palette = lazy(() => import('./Palette'));
const KeyList = lazy(() => import('./KeyList'));
const GO_WITHIN_MS = 1500;

export type Opened = 'palette' | 'keys' | null;

type ShortcutsProps = {
  open: Opened;
  onOpen: (what: Opened) => void;
  /** Begins a conversation: with `send`, the text goes off at once; otherwise it waits to be completed. */
  onAsk: (text: string, send: boolean) => void;
};

export function Shortcuts({ open, onOpen, onAsk }: ShortcutsProps) {
  const close = () => onOpen(null);
  useGoing();
  useKeys({ 'mod+k': () => onOpen('palette'), '?': () => onOpen('keys') });
  return (
    <Suspense>
      {open === 'palette' && <Palette onClose={close} onAsk={onAsk} />}
      {open === 'keys' && <KeyList onClose={close} />}
    </Suspense>
  );
}

/** `g`, then where to: s sites, c chat, a activity. */
function useGoing(): void {
  const navigate = useNavigate();
  const pressedAt = useRef(0);
  const go = (to: '/' | '/sites' | '/activity') => () => {
    if (performance.now() - pressedAt.current < GO_WITHIN_MS) void navigate({ to });
  };
  useKeys({
    g: () => {
      pressedAt.current = performance.now();
    },
    s: go('/sites'),
    c: go('/'),
    a: go('/activity'),
  });
}
