// A conversation on screen: before it has begun, a question and suggestions; afterwards the thread. The composer stays where it is.

import { useChat } from '@ai-sdk/react';
import clsx from 'clsx';
import { lazy, Suspense, useEffect } from 'react';
import { useSignal } from '@/lib/signal';
import { Composer } from './Composer';
import type { ShowCard } from './cards';
import type { ChatSession } from './session';
import { Thread } from './Thread';
import { useAnnouncements } from './useAnnouncements';
import { StartingPoints, Welcome } from './Welcome';

const REDRAW_MS = 50;

export function ChatView({ session, showCard }: { session: ChatSession; showCard: ShowCard }) {
  const chat = useChat({ chat: session.chat, throttle: REDRAW_MS });
  const link = useSignal(session.link);
  const drafts = useSignal(session.draftsGiven);
  const isEmpty = chat.messages.length === 0;
  const isBusy = chat.status === 'submitted' || chat.status === 'streaming';
  useAnnouncements(chat.messages, isBusy, link);
  useCatchingUp(session);

  return (
    <section aria-label="Chat" className={clsx('flex h-full flex-col', isEmpty && 'overflow-y-auto')}>
      {isEmpty ? (
        <Welcome />
      ) : (
        <>
          <Heading session={session} />
          <Thread session={session} messages={chat.messages} isBusy={isBusy} error={chat.error} showCard={showCard} />
        </>
      )}
      <Composer
        key={`${session.key}-${drafts}`}
        draft={session.draft}
        onDraft={(text) => {
          session.draft = text;
        }}
        isBusy={isBusy}
        note={link === 'reconnecting' ? 'Reconnecting…' : ''}
        onSend={(text) => session.send(text)}
        onStop={() => void session.stop()}
      />
      {isEmpty && <StartingPoints onChoose={(text) => session.send(text)} onBegin={(text) => session.begin(text)} />}
    </section>
  );
}

const ThreadBar = lazy(() => import('./ThreadBar'));

/** The title, and what can be done with the conversation once it has an id. Its place is kept meanwhile. */
function Heading({ session }: { session: ChatSession }) {
  const title = useSignal(session.title) || 'Conversation';
  const id = useSignal(session.conversation);
  const plain = <h1 className="sr-only">{title}</h1>;
  return (
    <div className="mx-auto h-12 w-full max-w-[752px] shrink-0 px-4">
      <Suspense fallback={plain}>{id ? <ThreadBar id={id} title={title} session={session} /> : plain}</Suspense>
    </div>
  );
}

function useCatchingUp(session: ChatSession) {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') session.catchUp().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [session]);
}
