// What of one's own is under way, for whoever looks elsewhere: a mark in the tab's title, and a word when it has ended.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Happening, onEvent } from '@/api/events';
import { meQuery } from '@/api/me';
import { operationQuery, underWayQuery } from '@/api/queries';
import type { Operation } from '@/api/types';
import { hasEnded, useOperation } from '@/api/useOperation';
import { elapsed } from '@/lib/format';
import { titleMark } from '@/lib/page';
import { toast } from '@/lib/toast';
import { endingInWords } from './endings';
import { isShown } from './shown';

/** What ended longer ago was missed while the tab slept, and is no news. */
const NEWS_MS = 60_000;

export function UnderWay() {
  const { data: me } = useQuery(meQuery);
  const { data: underWay } = useQuery({ ...underWayQuery(me?.principal.id ?? ''), enabled: me !== undefined });
  useEndingsTold(me?.principal.id);
  const newest = underWay?.[0];
  return newest ? <Mark key={newest.id} id={newest.id} /> : null;
}

function Mark({ id }: { id: string }) {
  const { data } = useOperation(id);
  const mark = data && !hasEnded(data) ? inShort(data) : '';
  useEffect(() => {
    titleMark.set(mark);
    return () => titleMark.set('');
  }, [mark]);
  return null;
}

function inShort({ steps, tenant }: Operation): string {
  const done = steps.filter((step) => step.state === 'done').length;
  return `● ${done}/${steps.length} ${tenant.name}`;
}

/** Says how something of one's own ended, unless its card is on this page and says so itself. */
function useEndingsTold(me: string | undefined): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!me) return;
    return onEvent((happening) => {
      if (!isAnEnding(happening) || isShown(happening.id)) return;
      const reading = queryClient.fetchQuery({ ...operationQuery(happening.id), staleTime: 0 });
      // What can't be read is nothing to tell of.
      reading.then((operation) => tell(operation, me)).catch(() => undefined);
    });
  }, [me, queryClient]);
}

function isAnEnding(happening: Happening): happening is Happening & { id: string } {
  const { kind, id, state } = happening;
  return kind === 'operation' && id !== null && (state === 'succeeded' || state === 'failed');
}

function tell(operation: Operation, me: string): void {
  const isNews = elapsed(operation.ended_at, null) < NEWS_MS;
  // What takes no time is told where it was asked for.
  const isReceipt = operation.kind !== 'provision' && operation.kind !== 'remove' && operation.kind !== 'move';
  if (!isNews || isReceipt || operation.actor?.id !== me || isShown(operation.id)) return;
  toast({ title: endingInWords(operation), tone: operation.state === 'failed' ? 'bad' : 'plain' });
}
