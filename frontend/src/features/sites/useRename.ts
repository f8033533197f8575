// Giving a site another name: shown at once, taken back if the control plane refuses, and undone from the toast.

import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { undoOperation } from '@/api/commands';
import { sentenceOf } from '@/api/problem';
import { tenantQuery } from '@/api/queries';
import { type Renamed, renameSite } from '@/api/sites';
import type { Tenant } from '@/api/types';

import { toast } from '@/lib/toast';

export function useRename(site: Tenant) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => renameSite(site.slug, name),
    onMutate: (name) => showName(queryClient, site, name),
    onSuccess: (renamed) => tell(queryClient, renamed),
    onError: (error) => {
      showName(queryClient, site, site.name);
      toast({ title: `${site.name} keeps its name. ${sentenceOf(error)}`, tone: 'bad' });
    },
    onSettled: () => lookAgain(queryClient),
  });
}

function tell(queryClient: QueryClient, { site, operation }: Renamed): void {
  const undo = async () => {
    try {
      await undoOperation(operation as string);
      toast({ title: 'Undone. It has its former name again.' });
    } catch (error) {
      toast({ title: `That could not be undone. ${sentenceOf(error)}`, tone: 'bad' });
    }
    lookAgain(queryClient);
  };
  toast({
    title: `Renamed to ${site.name}. Its address stays.`,
    ...(operation && { action: { label: 'Undo', onPress: () => void undo() } }),
  });
}

function showName(queryClient: QueryClient, site: Tenant, name: string): void {
  for (const key of [site.slug, site.id]) {
    queryClient.setQueryData(tenantQuery(key).queryKey, (now) => now && { ...now, name });
  }
}

function lookAgain(queryClient: QueryClient): void {
  for (const noun of ['tenant', 'tenants', 'operations', 'audit']) {
    void queryClient.invalidateQueries({ queryKey: [noun] });
  }
}
