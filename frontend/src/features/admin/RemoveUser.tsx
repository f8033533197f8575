// Forgetting a person. The control plane refuses while something ties them here, and says what.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ADMIN } from '@/api/admin';
import { removeUser, type UserDetail } from '@/api/people';
import { sentenceOf } from '@/api/problem';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { TypeToConfirm } from '@/ui/TypeToConfirm';
import { Section } from './Section';

type RemoveUserProps = { user: UserDetail; onRemoved: () => void };

export function RemoveUser({ user, onRemoved }: RemoveUserProps) {
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => removeUser(user.id),
    onSuccess: async () => {
      onRemoved();
      queryClient.removeQueries({ queryKey: [ADMIN, 'user', user.id] });
      await queryClient.invalidateQueries({ queryKey: [ADMIN] });
      toast({ title: `${user.email} is deleted` });
    },
  });

  function close() {
    reset();
    setAsking(false);
  }

  return (
    <Section title="Delete" about="There is no way back. What they did stays in the log.">
      <Button kind="danger" onClick={() => setAsking(true)}>
        Delete this person
      </Button>
      <TypeToConfirm
        open={isAsking}
        onClose={close}
        title={`Delete ${user.email}?`}
        word={user.email}
        confirmLabel="Delete"
        onConfirm={() => mutate()}
        busy={isPending}
        error={error ? sentenceOf(error) : undefined}
      >
        <p className="text-sm">
          Their account, sessions and memberships go. Somebody who owns sites cannot be deleted before those sites are.
        </p>
      </TypeToConfirm>
    </Section>
  );
}
