// Setting a site's budget or taking it away, and what follows on the page.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type BudgetWish, removeBudget, setBudget } from '@/api/costs';
import { toast } from '@/lib/toast';

export function useBudget(slug: string, onDone: () => void) {
  const queryClient = useQueryClient();
  const follow = (title: string) => async () => {
    for (const queryKey of [['tenant', slug, 'billing'], ['admin', 'billing'], ['audit']]) {
      await queryClient.invalidateQueries({ queryKey });
    }
    toast({ title });
    onDone();
  };
  const setting = useMutation({
    mutationFn: (wish: BudgetWish) => setBudget(slug, wish),
    onSuccess: follow('The budget is set.'),
  });
  const removal = useMutation({ mutationFn: () => removeBudget(slug), onSuccess: follow('The budget is gone.') });
  return { setting, removal };
}
