// Sharing a site with one more person, by their address.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { sentenceOf } from '@/api/problem';
import { addMember, membersQuery } from '@/api/sharing';
import type { Tenant } from '@/api/types';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';

export function AddMember({ site }: { site: Tenant }) {
  const [email, setEmail] = useState('');
  const queryClient = useQueryClient();
  const sharing = useMutation({
    mutationFn: () => addMember(site.slug, email.trim()),
    onSuccess: (member) => {
      setEmail('');
      toast({ title: `Shared with ${member.user.email}. They were told by mail.` });
      queryClient.setQueryData(membersQuery(site.slug).queryKey, (now) => now && [...now, member]);
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['members', site.slug] });
      void queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (email.trim() && !sharing.isPending) sharing.mutate();
  }

  return (
    <form onSubmit={submit} noValidate className="mt-4 flex flex-wrap items-end gap-3">
      <TextInput
        label="Share with"
        type="email"
        value={email}
        onChange={(event) => {
          setEmail(event.target.value);
          sharing.reset();
        }}
        placeholder="name@example.com"
        autoComplete="off"
        error={sharing.error ? sentenceOf(sharing.error) : undefined}
        className="min-w-0 flex-1 basis-64"
      />
      <Button type="submit" className="h-12 px-6" disabled={!email.trim()} busy={sharing.isPending}>
        Share
      </Button>
      <p className="basis-full text-sm text-soft">
        Members see everything and can do what can be undone. What costs, deletes or opens stays with the owner.
      </p>
    </form>
  );
}
