// A filter that is typed: what stands in it is looked for once the typing pauses, and follows the address bar.

import { Search, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';

const PAUSE_MS = 250;

type SearchFieldProps = { label: string; placeholder: string; value: string; onFind: (text: string) => void };

export function SearchField({ label, placeholder, value, onFind }: SearchFieldProps) {
  const id = useId();
  const [text, setText] = usePaused(value, onFind);
  return (
    <search className="relative block min-w-0 grow basis-full sm:basis-56">
      <Search aria-hidden="true" className="pointer-events-none absolute top-3 left-3.5 size-4 text-soft" />
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <input
        id={id}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="h-10 w-full rounded-full border border-line bg-white pr-10 pl-10 text-sm transition duration-150 placeholder:text-faint hover:border-ink/30"
      />
      {text && (
        <button
          type="button"
          aria-label={`Clear: ${label}`}
          onClick={() => setText('')}
          className="absolute top-1 right-1 grid size-8 place-items-center rounded-full text-soft transition duration-150 hover:bg-wash hover:text-ink"
        >
          <X aria-hidden="true" className="size-4" />
        </button>
      )}
    </search>
  );
}

/** A text that is handed on when it has rested for a moment; one that comes from outside replaces it. */
function usePaused(value: string, onRest: (text: string) => void) {
  const [text, setText] = useState(value);
  const known = useRef(value);
  const rest = useRef(onRest);
  rest.current = onRest;
  useEffect(() => {
    if (value === known.current) return;
    known.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === known.current) return;
    const timer = setTimeout(() => {
      known.current = wanted;
      rest.current(wanted);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText] as const;
}
