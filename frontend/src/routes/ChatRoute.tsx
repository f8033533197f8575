// The chat page: `/` before a conversation has begun, `/c/$id` from then on. One component for both, so that nothing is torn down between.

import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ApiProblem } from '@/api/problem';
import { ChatView } from '@/features/chat/ChatView';
import type { ChatSession } from '@/features/chat/session';
import { useSession } from '@/features/chat/sessions';
import { useTitle } from '@/lib/page';
import { useSignal } from '@/lib/signal';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { showCard, warmUp } from './cards';
import { NotFound } from './NotFound';

export function ChatRoute() {
  const { id } = useParams({ strict: false });
  const { session, error, refetch } = useSession(id);
  useEffect(warmUp, []);
  if (session) return <OpenChat session={session} />;
  if (error instanceof ApiProblem && error.status === 404) return <NotFound what="This conversation does not exist." />;
  return error ? <Unreachable again={() => void refetch()} /> : <p className="sr-only">Opening the conversation</p>;
}

function OpenChat({ session }: { session: ChatSession }) {
  useTitle(useSignal(session.title));
  useOwnAddress(session);
  useMention(session);
  return <ChatView session={session} showCard={showCard} />;
}

/** Moves from `/` to the conversation's own address as soon as the server has given it one. */
function useOwnAddress(session: ChatSession) {
  const navigate = useNavigate();
  const { id: shown } = useParams({ strict: false });
  const id = useSignal(session.conversation);
  useEffect(() => {
    if (id && !shown) void navigate({ to: '/c/$id', params: { id } });
  }, [id, shown, navigate]);
}

/** On the home page the address may say which site the first question is to be about. */
function useMention(session: ChatSession) {
  const { id: shown } = useParams({ strict: false });
  const { about } = useSearch({ strict: false });
  useEffect(() => {
    if (!shown) session.mention(about);
  }, [session, shown, about]);
}

function Unreachable({ again }: { again: () => void }) {
  return (
    <div className="mx-auto max-w-[752px] px-4 pt-10">
      <h1 className="sr-only">Conversation</h1>
      <Notice
        title="This conversation cannot be opened right now."
        action={<Button onClick={again}>Try again</Button>}
      />
    </div>
  );
}
