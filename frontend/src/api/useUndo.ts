// Undoing something that was done, from wherever it is offered: what is on screen about it is true again afterwards.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { undoOperation } from './commands';
import { operationQuery } from './queries';
import type { Operation } from './types';

const CHANGED = ['operations', 'operation', 'audit', 'tenants', 'tenant'];

export function useUndo(operation: Operation) {
  const queryClient = useQueryClient();
  const keyOf = (id: string) => operationQuery(id).queryKey;
  return useMutation({
    mutationFn: () => undoOperation(operation.id),
    onSuccess: (undoing) => {
      queryClient.setQueryData(keyOf(undoing.id), undoing);
      queryClient.setQueryData(keyOf(operation.id), { ...operation, undo: null, undone_by: undoing.id });
    },
    onSettled: () => {
      for (const noun of CHANGED) void queryClient.invalidateQueries({ queryKey: [noun] });
    },
  });
}
