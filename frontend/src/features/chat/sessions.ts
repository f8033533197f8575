// The conversations open in this tab: the one not yet begun, and those that have an id.

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ChatSession } from './session';

const begun = new Map<string, ChatSession>();
let notYetBegun: ChatSession | null = null;

/** The empty conversation of the home page; the same one until it has been moved to its own address. */
function newSession(): ChatSession {
  notYetBegun ??= new ChatSession((session, id) => begun.set(id, session));
  return notYetBegun;
}

/** Says something in the conversation of the home page, or puts it into the composer to be completed. */
export function beginConversation(text: string, send: boolean): void {
  if (send) newSession().send(text);
  else newSession().begin(text);
}

/** Its address is shown now, so the home page starts over. */
function settle(id: string): void {
  if (notYetBegun?.conversation.get() === id) notYetBegun = null;
}

/** It is gone, or being left for good: nothing of it is kept in this tab. */
export function dropSession(id: string): void {
  begun.delete(id);
}

/** The conversation of an address; without one, the conversation not yet begun. */
export function useSession(id: string | undefined) {
  const { data, error, refetch } = useQuery({
    queryKey: ['session', id],
    queryFn: () => openOnce(id as string),
    initialData: () => (id ? begun.get(id) : undefined),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  useEffect(() => {
    if (id) settle(id);
  }, [id]);
  return { session: id ? data : newSession(), error, refetch };
}

async function openOnce(id: string): Promise<ChatSession> {
  const session = begun.get(id) ?? (await ChatSession.open(id));
  begun.set(id, session);
  return session;
}
