// The home page of the chat: the question above the composer, and below it where one might start or go on.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { threadsQuery } from '@/api/queries';
import { ago } from '@/lib/format';

export function Welcome() {
  return (
    <div className="mx-auto flex w-full max-w-[752px] flex-1 flex-col justify-end px-4 pt-12 pb-8 text-center">
      <h1 className="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">What should we build?</h1>
      <p className="mt-4 text-base text-soft text-balance">Say it in a sentence. You get a real WordPress site.</p>
    </div>
  );
}

const SUGGESTIONS = ['Create a site for my bakery', 'Show my sites', 'What can you do?'];

export function StartingPoints({ onChoose }: { onChoose: (text: string) => void }) {
  return (
    <div className="mx-auto flex w-full max-w-[752px] flex-[1.4] flex-col gap-12 px-4 pb-12">
      <ul className="flex flex-wrap justify-center gap-2">
        {SUGGESTIONS.map((text) => (
          <li key={text}>
            <button
              type="button"
              onClick={() => onChoose(text)}
              className="h-10 rounded-full border border-line px-4 text-sm text-soft transition duration-150 ease-out hover:border-ink/30 hover:text-ink active:scale-[0.985]"
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
      <Recent />
    </div>
  );
}

const SHOWN = 5;

function Recent() {
  const { data } = useQuery(threadsQuery);
  if (!data?.items.length) return null;
  return (
    <section aria-labelledby="recent" className="animate-rise">
      <h2 id="recent" className="px-3 pb-2 text-sm font-medium text-soft">
        Recent
      </h2>
      <ul>
        {data.items.slice(0, SHOWN).map((thread) => (
          <li key={thread.id}>
            <Link
              to="/c/$id"
              params={{ id: thread.id }}
              className="flex h-12 items-center gap-4 rounded-xl px-3 transition duration-150 hover:bg-wash"
            >
              <span className="min-w-0 flex-1 truncate">{thread.title || 'Untitled'}</span>
              {thread.needs_you && (
                <span className="rounded-full bg-accent-wash px-3 text-xs font-medium text-accent">Needs you</span>
              )}
              <span className="shrink-0 text-sm text-soft tabular-nums">{ago(thread.updated_at)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
