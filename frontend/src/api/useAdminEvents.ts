// Keeps the admin pages true while they are open: whatever happens on the platform may show on any of them.

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ADMIN } from './admin';
import { onEvent } from './events';

/** What comes together is read again together; admins hear of everything, so a little later than others. */
const GATHER_MS = 1_000;

export function useAdminEvents(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      timer = undefined;
      // Walking the whole log is asked for by a person, never by an event.
      void queryClient.invalidateQueries({
        predicate: ({ queryKey: [room, what] }) => room === ADMIN && what !== 'verdict',
      });
    };
    const stop = onEvent(({ kind }) => {
      if (kind !== 'conversation') timer ??= setTimeout(readAgain, GATHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [queryClient]);
}
