// A plan in a dialog over a page: the same facts as its card in a conversation, and the same yes. What destroys asks for the name.

import { sentenceOf } from '@/api/problem';
import type { Plan } from '@/api/types';
import { remaining } from '@/lib/format';
import { useNow } from '@/lib/time';
import { Button } from '@/ui/Button';
import { Modal } from '@/ui/Modal';
import { TypeToConfirm } from '@/ui/TypeToConfirm';
import { useTooSoon } from '@/ui/useTooSoon';
import { PlanDetails } from './PlanDetails';
import type { Planning } from './usePlanning';

export default function PlanDialog({ planning }: { planning: Planning }) {
  const { plan } = planning;
  if (!plan) return null;
  return plan.typed_name === null ? (
    <Confirmation plan={plan} planning={planning} />
  ) : (
    <TypeToConfirm
      open
      onClose={planning.leave}
      title={plan.title}
      word={plan.typed_name}
      confirmLabel="Delete site"
      onConfirm={() => planning.confirm(plan.typed_name ?? undefined)}
      busy={planning.isConfirming}
      error={planning.confirmationError ? sentenceOf(planning.confirmationError) : undefined}
    >
      <Facts plan={plan} />
    </TypeToConfirm>
  );
}

function Confirmation({ plan, planning }: { plan: Plan; planning: Planning }) {
  const isTooSoon = useTooSoon();
  const footer = (
    <>
      <Button onClick={planning.leave}>Cancel</Button>
      <Button kind="primary" busy={planning.isConfirming} onClick={() => !isTooSoon() && planning.confirm()}>
        Confirm
      </Button>
    </>
  );
  return (
    <Modal open onClose={planning.leave} title={plan.title} footer={footer}>
      <Facts plan={plan} />
      {planning.confirmationError && (
        <p role="alert" className="mt-4 text-sm text-bad">
          {sentenceOf(planning.confirmationError)}
        </p>
      )}
    </Modal>
  );
}

function Facts({ plan }: { plan: Plan }) {
  const now = useNow(5_000);
  return <PlanDetails plan={plan} expires={remaining(plan.expires_at, now)} />;
}
