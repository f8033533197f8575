// Adding somebody before they sign in for the first time.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { addUser, type NewUser, peopleChanged, type User } from '@/api/people';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { Modal } from '@/ui/Modal';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { ROLE_NAMES, ROLES } from './userWords';

type UserFormProps = { open: boolean; onClose: () => void; onAdded: (user: User) => void };

const NOBODY: NewUser = { email: '', name: '', role: 'tenant' };

export function UserForm({ open, onClose, onAdded }: UserFormProps) {
  const form = useId();
  const queryClient = useQueryClient();
  const [wish, setWish] = useState(NOBODY);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => addUser({ ...wish, email: wish.email.trim(), name: wish.name.trim() }),
    onSuccess: async (user) => {
      await peopleChanged(queryClient);
      toast({ title: `${user.email} can sign in now` });
      close();
      onAdded(user);
    },
  });

  function close() {
    setWish(NOBODY);
    reset();
    onClose();
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!isPending) mutate();
  }

  return (
    <Modal
      open={open}
      onClose={close}
      title="Add somebody"
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" form={form} kind="primary" disabled={!wish.email.trim()} busy={isPending}>
            Add
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-5">
        <Fields wish={wish} error={error} onChange={(change) => setWish({ ...wish, ...change })} />
      </form>
    </Modal>
  );
}

type FieldsProps = { wish: NewUser; error: Error | null; onChange: (change: Partial<NewUser>) => void };

function Fields({ wish, error, onChange }: FieldsProps) {
  const wrongName = messageFor(error, 'name');
  return (
    <>
      <TextInput
        label="E-mail address"
        type="email"
        value={wish.email}
        onChange={(event) => onChange({ email: event.target.value })}
        hint="They sign in with it. No mail is sent now: tell them to ask for a link on the sign-in page."
        error={error && !wrongName ? sentenceOf(error) : undefined}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextInput
        label="Name"
        value={wish.name}
        onChange={(event) => onChange({ name: event.target.value })}
        hint="Can be left out, and changed later."
        error={wrongName}
        autoComplete="off"
      />
      <div>
        <Select label="Role" value={wish.role} options={ROLE_NAMES} onChange={(role) => onChange({ role })} />
        <p className="mt-2 text-sm text-soft">{ROLES[wish.role].may}</p>
      </div>
    </>
  );
}

function messageFor(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  return error.details.errors?.find((one) => one.field === field)?.message;
}
