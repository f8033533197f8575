// A conversation as its link shows it: to be read, and nothing to press.

import { useEffect, useState } from 'react';
import { ApiProblem } from '@/api/problem';
import { readShared } from '@/api/shared';
import type { SharedThread } from '@/api/types';
import { ago } from '@/lib/format';
import { Button } from '@/ui/Button';
import { Logo } from '@/ui/Logo';
import { Notice } from '@/ui/Notice';
import { SharedMessage } from './SharedMessage';

export function SharedPage({ secret }: { secret: string }) {
  const { thread, error, again } = useShared(secret);
  return (
    <div className="mx-auto grid min-h-dvh w-full max-w-[752px] grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr_auto] px-4">
      <header className="py-6">
        <Logo />
      </header>
      <main className="pb-12">
        {thread && <Conversation thread={thread} />}
        {error !== undefined && <Nothing error={error} again={again} />}
        {!thread && error === undefined && <p className="sr-only">Opening the conversation</p>}
      </main>
      <footer className="border-t border-line py-6 text-sm text-soft">
        Shared by link, to be read only. Nothing can be done to anybody’s site from here.
      </footer>
    </div>
  );
}

function Conversation({ thread }: { thread: SharedThread }) {
  const title = thread.title || 'A conversation';
  useEffect(() => {
    document.title = `${title} · AIPress`;
  }, [title]);
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight text-balance wrap-break-word">{title}</h1>
      <p className="mt-1 text-sm text-soft">As it was when it was shared, {ago(thread.shared_at)}</p>
      <div className="mt-10 flex flex-col gap-8">
        {thread.messages.map((message, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what is shared does not change
          <SharedMessage key={place} message={message} />
        ))}
      </div>
    </>
  );
}

function Nothing({ error, again }: { error: unknown; again: () => void }) {
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) {
    return (
      <>
        <h1 className="text-2xl font-semibold tracking-tight">This link shows nothing</h1>
        <p className="mt-2 text-soft">Whoever made it may have stopped sharing, or a part of the link is missing.</p>
      </>
    );
  }
  return (
    <>
      <h1 className="sr-only">A shared conversation</h1>
      <Notice
        title="This conversation cannot be opened right now."
        action={<Button onClick={again}>Try again</Button>}
      />
    </>
  );
}

function useShared(secret: string) {
  const [found, setFound] = useState<{ thread?: SharedThread; error?: unknown }>({});
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    let isWanted = true;
    readShared(secret).then(
      (thread) => isWanted && setFound({ thread }),
      (error: unknown) => isWanted && setFound({ error }),
    );
    return () => {
      isWanted = false;
    };
  }, [secret, tries]);
  return { ...found, again: () => setTries(tries + 1) };
}
