// One person of a site, and the way off it. Taking somebody off is asked once more, because they lose it at once.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '@/api/problem';
import { membersQuery, removeMember } from '@/api/sharing';
import type { Member, Tenant } from '@/api/types';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { LazyModal } from '@/ui/LazyModal';

type MemberRowProps = { member: Member; site: Tenant; isMe: boolean; mayRemove: boolean; onLeft: () => void };

export function MemberRow({ member, site, isMe, mayRemove, onLeft }: MemberRowProps) {
  const { user, role } = member;
  const [isAsking, setAsking] = useState(false);
  const canGo = role === 'member' && (mayRemove || isMe);
  const who = user.name || user.email;
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <Person user={user} isMe={isMe} />
      <span className="text-sm text-soft">{role === 'owner' ? 'Owner' : 'Member'}</span>
      {canGo && (
        <Button kind="quiet" aria-label={isMe ? `Leave ${site.name}` : `Remove ${who}`} onClick={() => setAsking(true)}>
          {isMe ? 'Leave' : 'Remove'}
        </Button>
      )}
      <RemoveDialog {...{ member, site, isMe, onLeft }} open={isAsking} onClose={() => setAsking(false)} />
    </li>
  );
}

function Person({ user, isMe }: Pick<Member, 'user'> & { isMe: boolean }) {
  return (
    <div className="min-w-0 flex-1">
      <p className="truncate text-sm font-medium">
        {user.name || user.email}
        {isMe && <span className="font-normal text-soft"> (you)</span>}
      </p>
      {user.name && <p className="truncate text-sm text-soft">{user.email}</p>}
    </div>
  );
}

type Removal = Pick<MemberRowProps, 'member' | 'site' | 'isMe' | 'onLeft'>;

function RemoveDialog({ open, onClose, ...removing }: Removal & { open: boolean; onClose: () => void }) {
  const { member, site, isMe } = removing;
  const removal = useRemoval(removing);
  const who = member.user.name || member.user.email;
  const verb = isMe ? 'Leave' : 'Remove';
  return (
    <LazyModal
      open={open}
      onClose={onClose}
      title={`${verb} ${isMe ? site.name : who}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            busy={removal.isPending}
            onClick={() => removal.mutate(undefined, { onSuccess: onClose })}
          >
            {verb}
          </Button>
        </>
      }
    >
      <p className="text-sm text-soft">
        {isMe
          ? `You will not see this site any more. ${site.owner.email} can share it with you again.`
          : `${who} will not see this site any more, from this moment. It can be shared again.`}
      </p>
      {removal.error && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {sentenceOf(removal.error)}
        </p>
      )}
    </LazyModal>
  );
}

function useRemoval({ member, site, isMe, onLeft }: Removal) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => removeMember(site.slug, member.user.id),
    onSuccess: () => {
      if (isMe) {
        toast({ title: `You left ${site.name}.` });
        for (const noun of ['tenants', 'tenant', 'me']) void queryClient.invalidateQueries({ queryKey: [noun] });
        return onLeft();
      }
      toast({ title: `${member.user.email} is off ${site.name}.` });
      queryClient.setQueryData(membersQuery(site.slug).queryKey, (now) =>
        now?.filter((one) => one.user.id !== member.user.id),
      );
    },
    onSettled: () => {
      if (!isMe) void queryClient.invalidateQueries({ queryKey: ['members', site.slug] });
      void queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
}
