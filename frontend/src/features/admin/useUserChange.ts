// Changing a person: as they were read, with what to say when it is done, and everything read anew after a refusal too.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { changeUser, type KnownUser, peopleChanged, type UserChange } from '@/api/people';
import { toast } from '@/lib/toast';

/** `said`: what the toast says when the change holds. */
export function useUserChange(known: KnownUser, said: string, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: UserChange) => changeUser(known, change),
    onSuccess: () => {
      toast({ title: said });
      onDone?.();
    },
    onSettled: () => peopleChanged(queryClient),
  });
}
