// Above a conversation: its title, which can be changed on the spot, and what else can be done with it as a whole.

import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSignal } from '@/lib/signal';
import type { ChatSession } from './session';
import { dropSession } from './sessions';
import { ThreadMenu } from './ThreadMenu';
import { TitleField } from './TitleField';

type ThreadBarProps = { id: string; title: string; session: ChatSession };

export default function ThreadBar({ id, title, session }: ThreadBarProps) {
  const [isOpen, setOpen] = useState(false);
  const sharedAt = useSignal(session.sharedAt);
  const leave = useLeaving(id);
  if (isOpen) {
    const done = (renamed?: string) => {
      if (renamed) session.title.set(renamed);
      setOpen(false);
    };
    return <TitleField id={id} title={title} onDone={done} heading />;
  }
  return (
    <div className="flex h-full items-center gap-2">
      <h1 className="min-w-0 flex-1 truncate text-sm font-medium text-soft">{title}</h1>
      <ThreadMenu
        thread={{ id, title, shared_at: sharedAt }}
        onRename={() => setOpen(true)}
        onShared={session.sharedAt.set}
        onForgotten={leave}
      />
    </div>
  );
}

/** A conversation that is gone has no page. */
function useLeaving(id: string) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return async () => {
    await navigate({ to: '/' });
    dropSession(id);
    queryClient.removeQueries({ queryKey: ['session', id] });
  };
}
