// What concerns the document as a whole: its title, and leaving it for sign-in.

import { useEffect } from 'react';
import { createSignal, useSignal } from './signal';
import { noteWayBack } from './wayBack';

/** Sign-in is another document, so this is a real navigation; the way back would only lead here again. */
export function goToSignIn(): void {
  if (window.location.pathname === '/login') return;
  noteWayBack();
  window.location.replace('/login');
}

/** Stands in the tab's title instead of the page's name, while there is something to watch. */
export const titleMark = createSignal('');

export function useTitle(title: string): void {
  const mark = useSignal(titleMark);
  useEffect(() => {
    const shown = mark || title;
    document.title = shown ? `${shown} · AIPress` : 'AIPress';
  }, [title, mark]);
}
