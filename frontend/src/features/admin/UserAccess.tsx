// Whether a person may come in, and where they are signed in.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endSessions, type KnownUser, peopleChanged } from '@/api/people';
import { sentenceOf } from '@/api/problem';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { Modal } from '@/ui/Modal';
import { Status } from '@/ui/Status';
import { Section } from './Section';
import { USER_STATES } from './userWords';
import { useUserChange } from './useUserChange';

type UserAccessProps = { known: KnownUser; isMe: boolean };

export function UserAccess({ known, isMe }: UserAccessProps) {
  return (
    <Section title="Access" about="Suspending signs them out everywhere and keeps them out. Their sites stay online.">
      <div className="grid gap-6">
        <State known={known} isMe={isMe} />
        <Sessions known={known} isMe={isMe} />
      </div>
    </Section>
  );
}

function State({ known, isMe }: UserAccessProps) {
  const { email, state } = known.user;
  const [isAsking, setAsking] = useState(false);
  const isActive = state === 'active';
  const said = isActive ? `${email} is suspended and signed out` : `${email} may come in again`;
  const { mutate, isPending, error, reset } = useUserChange(known, said, () => setAsking(false));
  const close = () => {
    reset();
    setAsking(false);
  };
  return (
    <div className="flex flex-wrap items-center justify-between gap-4">
      <Status {...USER_STATES[state]} />
      {isActive ? (
        <Button disabled={isMe} onClick={() => setAsking(true)}>
          Suspend
        </Button>
      ) : (
        <Button busy={isPending} onClick={() => mutate({ state: 'active' })}>
          Reactivate
        </Button>
      )}
      {error && !isAsking && <Refused error={error} />}
      <Modal
        open={isAsking}
        onClose={close}
        title={`Suspend ${email}?`}
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button kind="danger" busy={isPending} onClick={() => mutate({ state: 'suspended' })}>
              Suspend
            </Button>
          </>
        }
      >
        <p className="text-sm">
          They are signed out of every browser at their next request, their tokens stop working, and they cannot sign in
          until somebody reactivates them. Their sites stay as they are.
        </p>
        {error && <Refused error={error} />}
      </Modal>
    </div>
  );
}

function Sessions({ known: { user }, isMe }: UserAccessProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => endSessions(user.id),
    onSuccess: () => toast({ title: `${user.email} is signed out everywhere` }),
    onSettled: () => peopleChanged(queryClient),
  });
  return (
    <div className="flex flex-wrap items-center justify-between gap-4">
      <div className="min-w-0 text-sm">
        <p>{inBrowsers(user.sessions)}</p>
        <p className="text-soft">
          {isMe
            ? 'Ending sessions signs you out here, too.'
            : 'Ending sessions also ends their tokens. They can sign in again.'}
        </p>
      </div>
      <Button busy={isPending} onClick={() => mutate()}>
        End sessions
      </Button>
      {error && <Refused error={error} />}
    </div>
  );
}

function Refused({ error }: { error: Error }) {
  return (
    <p role="alert" className="w-full text-sm text-bad">
      {sentenceOf(error)}
    </p>
  );
}

function inBrowsers(sessions: number): string {
  if (sessions === 0) return 'Not signed in anywhere';
  return `Signed in in ${sessions} ${sessions === 1 ? 'browser' : 'browsers'}`;
}
