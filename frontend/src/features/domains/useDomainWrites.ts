// Adding, checking and removing a domain, and what follows on the page.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { addDomain, checkDomain, removeDomain } from '@/api/domains';
import { toast } from '@/lib/toast';

export function useAdding(tenant: string, onDone: () => void) {
  const lookAgain = useLookingAgain(tenant);
  return useMutation({
    mutationFn: (domain: string) => addDomain(tenant, domain),
    onSuccess: ({ unicode }) => {
      toast({ title: `${unicode} is added. Set its records next.` });
      onDone();
    },
    onSettled: lookAgain,
  });
}

export function useCheck(tenant: string, domain: string) {
  return useMutation({ mutationFn: () => checkDomain(tenant, domain), onSettled: useLookingAgain(tenant) });
}

export function useRemoval(tenant: string, domain: string) {
  const lookAgain = useLookingAgain(tenant);
  return useMutation({
    mutationFn: () => removeDomain(tenant, domain),
    onSuccess: () => toast({ title: `${domain} is removed.` }),
    onSettled: lookAgain,
  });
}

function useLookingAgain(tenant: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: ['tenant', tenant, 'domains'] });
}
