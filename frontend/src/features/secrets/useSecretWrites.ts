// Writing and removing an environment variable, and what follows on the page.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { removeSecret, secretsQuery, setSecret } from '@/api/secrets';
import type { Secret, Tenant } from '@/api/types';
import { toast } from '@/lib/toast';

type Write = { name: string; value: string };

/** Nothing keeps the value: the mutation is forgotten as soon as it is over. */
export function useSetting(site: Tenant, onDone: () => void) {
  const queryClient = useQueryClient();
  const setting = useMutation({
    mutationFn: ({ name, value }: Write) => setSecret(site.slug, name, value),
    gcTime: 0,
    onSuccess: (secret) => {
      queryClient.setQueryData(secretsQuery(site.slug).queryKey, (now) => now && withOne(now, secret));
      toast({ title: secret.version > 1 ? `${secret.name} is replaced.` : `${secret.name} is set.` });
      setting.reset();
      onDone();
    },
    onSettled: () => lookAgain(queryClient, site),
  });
  return setting;
}

export function useRemoval(site: Tenant, name: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => removeSecret(site.slug, name),
    onSuccess: () => {
      queryClient.setQueryData(secretsQuery(site.slug).queryKey, (now) => now?.filter((one) => one.name !== name));
      toast({ title: `${name} is removed.` });
    },
    onSettled: () => lookAgain(queryClient, site),
  });
}

function lookAgain(queryClient: ReturnType<typeof useQueryClient>, site: Tenant): void {
  void queryClient.invalidateQueries({ queryKey: ['secrets', site.slug] });
  void queryClient.invalidateQueries({ queryKey: ['audit'] });
}

function withOne(now: Secret[], secret: Secret): Secret[] {
  const others = now.filter(({ name }) => name !== secret.name);
  return [...others, secret].sort((one, other) => one.name.localeCompare(other.name));
}
