// The way back, while there is one: a button with the time it has left. What destroys something is asked about once more.

import { RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import { sentenceOf } from '@/api/problem';
import type { Operation } from '@/api/types';
import { useUndo } from '@/api/useUndo';
import { announce } from '@/lib/announce';
import { remaining } from '@/lib/format';
import { useNow } from '@/lib/time';
import { Button } from '@/ui/Button';

type UndoButtonProps = { operation: Operation; said: string };

export function UndoButton({ operation, said }: UndoButtonProps) {
  const { undo } = operation;
  const now = useNow(5_000, undo !== null);
  const [isAsking, setAsking] = useState(false);
  const undoing = useUndo(operation);
  const begin = () => undoing.mutate(undefined, { onSuccess: () => announce(said) });
  if (!undo || Date.parse(undo.until) <= now) return null;
  const isDestructive = operation.kind === 'provision';
  const go = () => (isDestructive ? setAsking(true) : begin());
  return (
    <div className="mt-5 grid gap-3">
      {undoing.error && (
        <p role="alert" className="text-sm text-bad">
          {sentenceOf(undoing.error)}
        </p>
      )}
      {isAsking ? (
        <Really label={undo.label} busy={undoing.isPending} yes={begin} no={() => setAsking(false)} />
      ) : (
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={go} busy={undoing.isPending} aria-label={`Undo: ${undo.label}`}>
            <RotateCcw aria-hidden="true" className="size-4" />
            Undo
          </Button>
          <span className="text-sm text-soft tabular-nums">{remaining(undo.until, now)} left</span>
        </div>
      )}
    </div>
  );
}

type ReallyProps = { label: string; busy: boolean; yes: () => void; no: () => void };

function Really({ label, busy, yes, no }: ReallyProps) {
  const isPlaced = useRef(false);
  /** The button that was pressed is gone; whoever uses the keyboard goes on at the harmless one. */
  const takeFocus = (button: HTMLButtonElement | null) => {
    if (button && !isPlaced.current) button.focus();
    isPlaced.current = button !== null;
  };
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="mb-3 text-sm">{label}? There is no way back from that.</legend>
      <Button kind="danger" busy={busy} onClick={yes}>
        Remove it
      </Button>
      <Button ref={takeFocus} onClick={no}>
        Keep it
      </Button>
    </fieldset>
  );
}
