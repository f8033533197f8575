// Where one might start or go on: what waits for an answer, what the person's own sites suggest, and earlier conversations.

import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listSuggestions, type Suggestion } from '@/api/chat/listThreads';
import { threadsQuery } from '@/api/queries';
import { NeedsYou, Recent } from './ThreadLists';

export type Chosen = { onChoose: (text: string) => void; onBegin: (text: string) => void };

const suggestionsQuery = queryOptions({ queryKey: ['suggestions'], queryFn: listSuggestions });

export default function StartingPoints(chosen: Chosen) {
  const { data } = useQuery(threadsQuery);
  const threads = data?.items ?? [];
  return (
    <>
      <Suggestions {...chosen} />
      <NeedsYou threads={threads.filter((one) => one.needs_you)} />
      <Recent threads={threads.filter((one) => !one.needs_you)} />
    </>
  );
}

const LOOK =
  'flex h-10 max-w-full items-center rounded-full border border-line px-4 text-sm text-soft transition duration-150 ease-out hover:border-ink/30 hover:text-ink active:scale-[0.985]';

function Suggestions(chosen: Chosen) {
  const { data } = useQuery(suggestionsQuery);
  return (
    <ul aria-label="Suggestions" className="flex min-h-10 flex-wrap justify-center gap-2">
      {data?.map((suggestion) => (
        <li key={suggestion.label} className="max-w-full animate-rise">
          <Suggested suggestion={suggestion} {...chosen} />
        </li>
      ))}
    </ul>
  );
}

function Suggested({ suggestion, onChoose, onBegin }: Chosen & { suggestion: Suggestion }) {
  const { label, text, is_beginning, conversation_id } = suggestion;
  const words = <span className="truncate">{label}</span>;
  if (conversation_id) {
    return (
      <Link to="/c/$id" params={{ id: conversation_id }} className={LOOK}>
        {words}
      </Link>
    );
  }
  return (
    <button type="button" onClick={() => (is_beginning ? onBegin : onChoose)(text)} className={LOOK}>
      {words}
    </button>
  );
}
