// Asking for a plan from a page: proposed when a button is pressed, shown in a dialog, confirmed by its hash or withdrawn.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { confirmPlan, withdrawPlan } from '@/api/commands';
import { operationQuery } from '@/api/queries';
import { proposePlan } from '@/api/sites';
import type { Operation, Plan } from '@/api/types';

type Wish = { action: string; args: Record<string, string> };

export type Planning = ReturnType<typeof usePlanning>;

export function usePlanning(onBegun: (operation: Operation) => void) {
  const queryClient = useQueryClient();
  const proposal = useMutation({ mutationFn: ({ action, args }: Wish) => proposePlan(action, args) });
  const confirmation = useMutation({
    mutationFn: ({ plan, typed }: { plan: Plan; typed: string | undefined }) => confirmPlan(plan, typed),
    onSuccess: (operation) => {
      queryClient.setQueryData(operationQuery(operation.id).queryKey, operation);
      for (const noun of ['tenant', 'tenants', 'operations', 'audit']) {
        void queryClient.invalidateQueries({ queryKey: [noun] });
      }
      proposal.reset();
      onBegun(operation);
    },
  });
  const plan = proposal.data;

  function propose(action: string, args: Record<string, string>): void {
    confirmation.reset();
    proposal.mutate({ action, args });
  }

  /** Said no: nothing was changed, and the plan cannot be confirmed any more. If that can't be said, it expires by itself. */
  function leave(): void {
    if (plan) void withdrawPlan(plan).catch(() => undefined);
    proposal.reset();
  }

  return {
    plan,
    isProposing: proposal.isPending,
    proposalError: proposal.error,
    propose,
    confirm: (typed?: string) => plan && confirmation.mutate({ plan, typed }),
    isConfirming: confirmation.isPending,
    confirmationError: confirmation.error,
    leave,
  };
}
