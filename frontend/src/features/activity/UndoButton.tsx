// The way back from one thing that was done. What removes a site is asked twice; the rest is done at once.

import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf } from '@/api/problem';
import type { Operation } from '@/api/types';
import { useUndo } from '@/api/useUndo';
import { remaining } from '@/lib/format';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { LazyModal } from '@/ui/LazyModal';

type Undo = NonNullable<Operation['undo']>;

export function UndoButton({ operation, undo }: { operation: Operation; undo: Undo }) {
  const [isAsking, setAsking] = useState(false);
  const undoing = useUndo(operation);
  const begin = () =>
    undoing.mutate(undefined, {
      onSuccess: () => toast({ title: 'Undone.' }),
      onError: (error) => toast({ title: `That could not be undone. ${sentenceOf(error)}`, tone: 'bad' }),
      onSettled: () => setAsking(false),
    });
  return (
    <>
      <Button
        kind="quiet"
        className="-ml-3 h-8 px-3"
        title={undo.label}
        aria-label={`Undo: ${undo.label}`}
        busy={undoing.isPending}
        onClick={operation.kind === 'provision' ? () => setAsking(true) : begin}
      >
        <Undo2 aria-hidden="true" className="size-4" />
        Undo
      </Button>
      <LazyModal
        open={isAsking}
        onClose={() => setAsking(false)}
        title={`${undo.label}?`}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button kind="danger" busy={undoing.isPending} onClick={begin}>
              Undo
            </Button>
          </>
        }
      >
        <p className="text-sm text-soft">
          What was made in it until now is removed too. This way back is open for {remaining(undo.until)}.
        </p>
      </LazyModal>
    </>
  );
}
