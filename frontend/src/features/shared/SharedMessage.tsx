// One message of a shared conversation: words, and a line where a card stood.

import { lazy, Suspense } from 'react';
import type { SharedThread } from '@/api/types';

const Markdown = lazy(() => import('@/ui/Markdown'));

type Message = SharedThread['messages'][number];

export function SharedMessage({ message }: { message: Message }) {
  if (message.role === 'user') {
    return (
      <div className="flex justify-end">
        <p className="max-w-[85%] rounded-3xl bg-wash px-5 py-3 wrap-break-word whitespace-pre-wrap">
          <span className="sr-only">Somebody said: </span>
          {message.parts.map(({ text }) => text).join('\n')}
        </p>
      </div>
    );
  }
  return (
    <article aria-label="AIPress replied" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {message.parts.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is shared does not change
        <Part key={place} part={part} />
      ))}
    </article>
  );
}

function Part({ part }: { part: Message['parts'][number] }) {
  if (part.kind === 'card') {
    return <p className="rounded-card border border-dashed border-line px-5 py-4 text-sm text-soft">{part.text}</p>;
  }
  return (
    <Suspense fallback={<p className="wrap-break-word whitespace-pre-wrap">{part.text}</p>}>
      <Markdown text={part.text} isGrowing={false} />
    </Suspense>
  );
}
