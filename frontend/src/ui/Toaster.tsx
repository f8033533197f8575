// Where toasts stand: one below the other, above everything, each for a few seconds, longer while looked at or pointed at.

import clsx from 'clsx';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSignal } from '@/lib/signal';
import { dismissToast, type Toast, toasts } from '@/lib/toast';

const SHOWN_MS = 6_000;
const SHOWN_WITH_ACTION_MS = 12_000;

export function Toaster() {
  const shown = useSignal(toasts);
  return (
    <section
      aria-label="Notifications"
      // Spoken by the Announcer; having the attribute keeps an open dialog from hiding it.
      aria-live="off"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-60 grid justify-items-center gap-2 sm:justify-items-end"
    >
      {shown.map((one) => (
        <OneToast key={one.id} toast={one} />
      ))}
    </section>
  );
}

function OneToast({ toast: { id, title, tone, action } }: { toast: Toast }) {
  const [isPointedAt, setPointedAt] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = isPointedAt || isFocused;
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismissToast(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, action, isHeld]);
  const hold = { onPointerEnter: () => setPointedAt(true), onFocus: () => setFocused(true) };
  const release = { onPointerLeave: () => setPointedAt(false), onBlur: () => setFocused(false) };

  return (
    <div
      {...hold}
      {...release}
      className={clsx(
        'pointer-events-auto flex max-w-md animate-rise items-center gap-1 rounded-full py-1.5 pr-1.5 pl-5 text-sm text-white',
        tone === 'bad' ? 'bg-bad' : 'bg-ink',
      )}
    >
      <span className="min-w-0 py-1.5 pr-2">{title}</span>
      {action && (
        <button
          type="button"
          onClick={() => {
            dismissToast(id);
            action.onPress();
          }}
          className="h-8 shrink-0 rounded-full px-3 font-semibold outline-offset-0 hover:bg-white/15"
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => dismissToast(id)}
        className="grid size-8 shrink-0 place-items-center rounded-full hover:bg-white/15"
      >
        <X aria-hidden="true" className="size-4" />
      </button>
    </div>
  );
}
