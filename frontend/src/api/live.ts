// Whether this tab is told of changes as they happen. Apart from what does the telling (events.ts), which comes once the page stands.

import { createSignal } from '@/lib/signal';

/** While it is, nothing needs to be asked for again and again. */
export const isLive = createSignal(false);

/** How often something that is changing is asked for: seldom while events tell of it. */
export function pollMs(): number {
  return isLive.get() ? 15_000 : 2_000;
}
