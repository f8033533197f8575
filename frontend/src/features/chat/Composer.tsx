// Where a person writes. Enter sends, Shift+Enter makes a line, and Enter that ends a composition (IME) does neither.

import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, type RefObject, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useShortcuts } from './useShortcuts';

type ComposerProps = {
  draft: string;
  onDraft: (text: string) => void;
  isBusy: boolean;
  note: string;
  onSend: (text: string) => void;
  onStop: () => void;
};

export function Composer({ draft, onDraft, isBusy, note, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState(draft);
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusWithMouse(field);
  useShortcuts({ write: () => field.current?.focus(), stop: isBusy ? onStop : undefined });

  function write(next: string) {
    setText(next);
    onDraft(next);
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isBusy || !text.trim()) return;
    onSend(text.trim());
    write('');
  }

  return (
    <div className="mx-auto w-full max-w-[752px] shrink-0 px-4 pb-2">
      <form
        onSubmit={submit}
        className="flex items-end rounded-3xl border border-line bg-white transition duration-150 focus-within:border-accent focus-within:ring-4 focus-within:ring-accent/10 not-focus-within:hover:border-ink/25"
      >
        <label htmlFor="composer" className="sr-only">
          Message AIPress
        </label>
        <div className="grow-with-text min-w-0 flex-1" data-text={text}>
          <textarea
            id="composer"
            ref={field}
            rows={1}
            value={text}
            onChange={(event) => write(event.target.value)}
            onKeyDown={sendOnEnter}
            placeholder="Ask AIPress to do anything"
            className="resize-none bg-transparent outline-none placeholder:text-faint"
          />
        </div>
        <SendOrStop isBusy={isBusy} isEmpty={!text.trim()} onStop={onStop} />
      </form>
      <p className="h-6 pt-1 text-center text-xs text-soft">{note}</p>
    </div>
  );
}

/** Ready to write at once, except where the focus would bring up a keyboard over half of the page. */
function useFocusWithMouse(field: RefObject<HTMLTextAreaElement | null>) {
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, [field]);
}

/** keyCode 229 is how some browsers mark an Enter that belongs to a composition. */
function sendOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

const ROUND =
  'm-1.5 grid size-10 shrink-0 place-items-center rounded-full bg-ink text-white transition duration-150 ease-out hover:bg-ink/85 active:scale-95 disabled:bg-line disabled:text-soft disabled:active:scale-100';

function SendOrStop({ isBusy, isEmpty, onStop }: { isBusy: boolean; isEmpty: boolean; onStop: () => void }) {
  if (isBusy) {
    return (
      <button key="stop" type="button" aria-label="Stop" onClick={onStop} className={ROUND}>
        <Square aria-hidden="true" className="size-3.5" fill="currentColor" />
      </button>
    );
  }
  return (
    <button key="send" type="submit" aria-label="Send" disabled={isEmpty} className={ROUND}>
      <ArrowUp aria-hidden="true" className="size-5" />
    </button>
  );
}
