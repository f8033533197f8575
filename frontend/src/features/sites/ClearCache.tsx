// Clearing a site's page cache: for when something was changed behind WordPress's back.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sentenceOf } from '@/api/problem';
import { purgeCache } from '@/api/sites';
import type { Tenant } from '@/api/types';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';

export function ClearCache({ site }: { site: Tenant }) {
  const queryClient = useQueryClient();
  const clear = useMutation({
    mutationFn: () => purgeCache(site.slug),
    onSuccess: () => toast({ title: `The cache of ${site.name} is cleared.` }),
    onError: (error) => toast({ title: `The cache was not cleared. ${sentenceOf(error)}`, tone: 'bad' }),
    onSettled: () => {
      for (const noun of ['operations', 'audit']) void queryClient.invalidateQueries({ queryKey: [noun] });
    },
  });
  return (
    <Button busy={clear.isPending} disabled={site.state !== 'live'} onClick={() => clear.mutate()}>
      Clear cache
    </Button>
  );
}
