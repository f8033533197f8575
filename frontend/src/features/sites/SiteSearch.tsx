// Looking for a site by its name or address: what is typed is searched for once the typing pauses.

import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 200;

export function SiteSearch({ q, onFind }: { q: string; onFind: (text: string) => void }) {
  const [text, setText] = useState(q);
  const asked = useRef(q);
  useEffect(() => {
    if (q === asked.current) return;
    asked.current = q;
    setText(q);
  }, [q]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = wanted;
      onFind(wanted);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onFind]);

  return (
    <search className="relative mb-4 block max-w-sm">
      <Search aria-hidden="true" className="pointer-events-none absolute top-3 left-3.5 size-4 text-soft" />
      <label htmlFor="site-search" className="sr-only">
        Search sites
      </label>
      <input
        id="site-search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Search by name or address"
        autoComplete="off"
        spellCheck={false}
        className="h-10 w-full rounded-full border border-line bg-white pr-10 pl-10 text-sm transition duration-150 placeholder:text-faint hover:border-ink/30"
      />
      {text && (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => setText('')}
          className="absolute top-1 right-1 grid size-8 place-items-center rounded-full text-soft transition duration-150 hover:bg-wash hover:text-ink"
        >
          <X aria-hidden="true" className="size-4" />
        </button>
      )}
    </search>
  );
}
