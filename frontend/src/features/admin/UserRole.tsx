// What a person may do, and changing that: it opens or closes the whole platform to them, so their address has to be typed.

import { useState } from 'react';
import type { KnownUser, Role } from '@/api/people';
import { sentenceOf } from '@/api/problem';
import { Button } from '@/ui/Button';
import { TypeToConfirm } from '@/ui/TypeToConfirm';
import { Section } from './Section';
import { ROLES } from './userWords';
import { useUserChange } from './useUserChange';

type UserRoleProps = { known: KnownUser; isMe: boolean };

export function UserRole({ known, isMe }: UserRoleProps) {
  const { email, role } = known.user;
  const [isAsking, setAsking] = useState(false);
  const next: Role = role === 'admin' ? 'tenant' : 'admin';
  // What was asked stays the question while its dialog closes, when `next` is the way back already.
  const [asked, setAsked] = useState(next);
  const words = A_ROLE[asked];
  const { mutate, isPending, error, reset } = useUserChange(known, `${email} is ${words} now`, () => setAsking(false));

  function ask() {
    setAsked(next);
    setAsking(true);
  }

  function close() {
    reset();
    setAsking(false);
  }

  return (
    <Section title="Role" about="Holds from their next request on.">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <div className="min-w-0 text-sm">
          <p className="font-medium">{ROLES[role].name}</p>
          <p className="text-soft">{ROLES[role].may}</p>
        </div>
        <Button onClick={ask}>Make {A_ROLE[next]}</Button>
      </div>
      <TypeToConfirm
        open={isAsking}
        onClose={close}
        title={`Make ${email} ${words}?`}
        word={email}
        confirmLabel={`Make ${words}`}
        onConfirm={() => mutate({ role: asked })}
        busy={isPending}
        error={error ? sentenceOf(error) : undefined}
      >
        <p className="text-sm">{CONSEQUENCES[asked]}</p>
        {isMe && <p className="text-sm font-medium text-bad">This is you: these pages close for you at once.</p>}
      </TypeToConfirm>
    </Section>
  );
}

const A_ROLE: Record<Role, string> = { admin: 'an admin', tenant: 'a tenant' };

const CONSEQUENCES: Record<Role, string> = {
  admin:
    'They will see and be able to delete every site on this platform, and decide who may come in. It holds from their next request on, and is written in the log.',
  tenant:
    'They keep their own sites and lose everything else: other people’s sites, these pages, the log. It holds from their next request on.',
};
