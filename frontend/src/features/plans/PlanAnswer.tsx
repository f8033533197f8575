// A person's answer to a plan. It goes to the control plane from their own session, with the hash of what they saw.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { confirmPlan, withdrawPlan } from '@/api/commands';
import { sentenceOf } from '@/api/problem';
import { operationQuery, planQuery } from '@/api/queries';
import type { Plan } from '@/api/types';
import { Button } from '@/ui/Button';
import { useTooSoon } from '@/ui/useTooSoon';

export function PlanAnswer({ plan }: { plan: Plan }) {
  const [typed, setTyped] = useState('');
  const isTooSoon = useTooSoon();
  const { confirm, withdraw } = useAnswers(plan);
  const isTypedRight = plan.typed_name === null || typed.trim() === plan.typed_name;
  const failure = confirm.error ?? withdraw.error;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isTypedRight && !isTooSoon() && !confirm.isPending) confirm.mutate(typed.trim());
  }

  return (
    <form onSubmit={submit} className="mt-5 grid gap-4">
      {plan.typed_name !== null && <TypedName name={plan.typed_name} value={typed} onChange={setTyped} />}
      {failure && (
        <p role="alert" className="text-sm text-bad">
          {sentenceOf(failure)}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          kind={plan.tier >= 3 ? 'danger' : 'primary'}
          disabled={!isTypedRight}
          busy={confirm.isPending || confirm.isSuccess}
        >
          Confirm
        </Button>
        <Button busy={withdraw.isPending} onClick={() => !isTooSoon() && withdraw.mutate()}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

type TypedNameProps = { name: string; value: string; onChange: (value: string) => void };

function TypedName({ name, value, onChange }: TypedNameProps) {
  const id = useId();
  return (
    <div className="max-w-sm">
      <label htmlFor={id} className="mb-2 block text-sm">
        Type <strong className="font-semibold">{name}</strong> to confirm
      </label>
      <input
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="h-12 w-full rounded-xl border border-line px-4 transition duration-150 hover:border-ink/30"
      />
    </div>
  );
}

function useAnswers(plan: Plan) {
  const queryClient = useQueryClient();
  const lookAgain = () => queryClient.invalidateQueries({ queryKey: planQuery(plan.id).queryKey });
  const confirm = useMutation({
    mutationFn: (typed: string) => confirmPlan(plan, plan.typed_name === null ? undefined : typed),
    onSuccess: (operation) => {
      queryClient.setQueryData(operationQuery(operation.id).queryKey, operation);
      queryClient.setQueryData(planQuery(plan.id).queryKey, {
        ...plan,
        state: 'confirmed',
        operation_id: operation.id,
      });
    },
    onError: lookAgain,
  });
  const withdraw = useMutation({ mutationFn: () => withdrawPlan(plan), onSettled: lookAgain });
  return { confirm, withdraw };
}
