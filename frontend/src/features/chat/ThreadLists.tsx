// Conversations to go on with: those that wait for an answer stand out, the others are listed by their last word.

import { Link } from '@tanstack/react-router';
import { CircleHelp } from 'lucide-react';
import { useState } from 'react';
import type { ThreadSummary } from '@/api/chat/listThreads';
import { ago } from '@/lib/format';
import { Button } from '@/ui/Button';
import { ThreadMenu } from './ThreadMenu';
import { TitleField } from './TitleField';

type Threads = { threads: ThreadSummary[] };

export function NeedsYou({ threads }: Threads) {
  if (threads.length === 0) return null;
  return (
    <section
      aria-labelledby="needs-you"
      className="animate-rise rounded-card border border-accent/25 bg-accent-wash p-2"
    >
      <h2 id="needs-you" className="flex items-center gap-2 px-3 pt-1 pb-2 text-sm font-medium text-accent">
        <CircleHelp aria-hidden="true" className="size-4" />
        Needs you
      </h2>
      <ul>
        {threads.map((thread) => (
          <ThreadLink key={thread.id} thread={thread} />
        ))}
      </ul>
    </section>
  );
}

const SHOWN = 5;

export function Recent({ threads }: Threads) {
  const [isWhole, setWhole] = useState(false);
  if (threads.length === 0) return null;
  return (
    <section aria-labelledby="recent" className="animate-rise">
      <h2 id="recent" className="px-3 pb-2 text-sm font-medium text-soft">
        Recent
      </h2>
      <ul>
        {threads.slice(0, isWhole ? undefined : SHOWN).map((thread) => (
          <ThreadLink key={thread.id} thread={thread} />
        ))}
      </ul>
      {!isWhole && threads.length > SHOWN && (
        <Button kind="quiet" className="mt-2" onClick={() => setWhole(true)}>
          Show more
        </Button>
      )}
    </section>
  );
}

function ThreadLink({ thread }: { thread: ThreadSummary }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) {
    return (
      <li className="px-1">
        <TitleField id={thread.id} title={thread.title} onDone={() => setOpen(false)} />
      </li>
    );
  }
  return (
    <li className="flex items-center gap-1 rounded-xl pr-1.5 transition duration-150 hover:bg-ink/4">
      <Link
        to="/c/$id"
        params={{ id: thread.id }}
        className="flex h-12 min-w-0 flex-1 items-center gap-4 rounded-xl px-3"
      >
        <span className="min-w-0 flex-1 truncate">{thread.title || 'Untitled'}</span>
        {thread.needs_you && <span className="shrink-0 text-sm text-accent">Waits for your answer</span>}
        <span className="shrink-0 text-sm text-soft tabular-nums">{ago(thread.updated_at)}</span>
      </Link>
      <ThreadMenu thread={thread} onRename={() => setOpen(true)} />
    </li>
  );
}
