// One alert: what is wrong, since when, and that somebody has seen it.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Alert, acknowledgeAlert } from '@/api/alerts';
import { sentenceOf } from '@/api/problem';
import { ago, duration, elapsed } from '@/lib/format';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { Status } from '@/ui/Status';

export function AlertRow({ alert, where }: { alert: Alert; where?: ReactNode }) {
  const isOpen = alert.state === 'open';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium">
          {where && <>{where}: </>}
          {alert.title}
        </p>
        <p className="text-soft">
          {isOpen && alert.text} {times(alert)}
        </p>
      </div>
      <Status tone={isOpen ? 'bad' : 'off'} word={isOpen ? 'Open' : 'Over'} />
      {isOpen && !alert.acknowledged && <Seen alert={alert} />}
    </li>
  );
}

function Seen({ alert }: { alert: Alert }) {
  const queryClient = useQueryClient();
  const seen = useMutation({
    mutationFn: () => acknowledgeAlert(alert.id),
    onError: (error) => toast({ title: sentenceOf(error), tone: 'bad' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['alerts'] }),
  });
  return (
    <Button kind="quiet" busy={seen.isPending} aria-label={`I have seen: ${alert.title}`} onClick={() => seen.mutate()}>
      Seen
    </Button>
  );
}

function times({ opened_at, closed_at, acknowledged }: Alert): string {
  if (closed_at) return `It lasted ${duration(elapsed(opened_at, closed_at))} and was over ${ago(closed_at)}.`;
  const seen = acknowledged ? ` Seen by ${acknowledged.by_email}.` : '';
  return `Since ${ago(opened_at)}.${seen}`;
}
