// A Modal whose code is fetched when it is first opened: most visits to a page open none.

import { type ComponentProps, lazy, Suspense, useRef } from 'react';
import type { Modal } from './Modal';

const Fetched = lazy(async () => ({ default: (await import('./Modal')).Modal }));

export function LazyModal(props: ComponentProps<typeof Modal>) {
  const wasOpen = useRef(false);
  wasOpen.current ||= props.open;
  if (!wasOpen.current) return null;
  return (
    <Suspense>
      <Fetched {...props} />
    </Suspense>
  );
}
