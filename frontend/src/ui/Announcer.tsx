// The one live region: speaks what lib/announce is told.

import { announcement } from '@/lib/announce';
import { useSignal } from '@/lib/signal';

export function Announcer() {
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {useSignal(announcement)}
    </p>
  );
}
