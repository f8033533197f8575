// Where one might start or go on: what waits for an answer, what the person's own sites suggest, and earlier conversations.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { tenantsQuery, threadsQuery } from '@/api/queries';
import { auditQuery, latestOperationsQuery } from '@/api/sites';
import { openedIn, suggestionsFrom } from './suggestions';
import { NeedsYou, Recent } from './ThreadLists';

export type Chosen = { onChoose: (text: string) => void; onBegin: (text: string) => void };

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

function Suggestions({ onChoose, onBegin }: Chosen) {
  const suggestions = useSuggestions();
  return (
    <ul aria-label="Suggestions" className="flex min-h-10 flex-wrap justify-center gap-2">
      {suggestions.map(({ label, text, isBeginning }) => (
        <li key={label} className="max-w-full animate-rise">
          <button
            type="button"
            onClick={() => (isBeginning ? onBegin : onChoose)(text)}
            className="h-10 max-w-full truncate rounded-full border border-line px-4 text-sm text-soft transition duration-150 ease-out hover:border-ink/30 hover:text-ink active:scale-[0.985]"
          >
            {label}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** None until everything they are taken from is known, so that none moves under a finger. */
function useSuggestions() {
  const sites = useInfiniteQuery(tenantsQuery);
  const operations = useQuery(latestOperationsQuery());
  const opened = useInfiniteQuery(auditQuery({ action: 'OPEN_ADMIN' }, 200));
  if (sites.isPending || operations.isPending || opened.isPending) return [];
  return suggestionsFrom({
    sites: sites.data ?? [],
    operations: operations.data ?? [],
    opened: openedIn(opened.data ?? [], opened.isSuccess && !opened.hasNextPage),
  });
}
