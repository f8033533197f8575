// What concerns the document as a whole: its title, and leaving it for sign-in.

import { useEffect } from 'react';

/** Sign-in is another document, so this is a real navigation; the way back would only lead here again. */
export function goToSignIn(): void {
  if (window.location.pathname !== '/login') window.location.replace('/login');
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · AIPress` : 'AIPress';
  }, [title]);
}
