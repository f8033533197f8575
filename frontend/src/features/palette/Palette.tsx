// ⌘K: every page, every site, everything that can be asked for, and, last, the words themselves as a question.

import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { overlayRoot } from '@/ui/overlayRoot';
import { type Entry, useEntries } from './entries';

type PaletteProps = { onClose: () => void; onAsk: (text: string, send: boolean) => void };

export default function Palette({ onClose, onAsk }: PaletteProps) {
  const [text, setText] = useState('');
  const entries = useEntries(text.trim(), onAsk);

  function choose(entry: Entry) {
    onClose();
    entry.run();
  }

  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal container={overlayRoot}>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-ink/30 transition-opacity duration-150 data-starting-style:opacity-0" />
        <Dialog.Popup
          aria-label="Find or ask"
          className="fixed top-[12dvh] left-1/2 z-50 flex max-h-[70dvh] w-[calc(100vw-32px)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-card border border-line bg-white transition duration-150 ease-out data-starting-style:scale-[0.98] data-starting-style:opacity-0"
        >
          <Autocomplete.Root
            open
            inline
            items={entries}
            value={text}
            onValueChange={setText}
            itemToStringValue={(entry: Entry) => entry.label}
            filter={null}
            autoHighlight="always"
            keepHighlight
          >
            <div className="flex items-center gap-3 border-b border-line px-5">
              <Search aria-hidden="true" className="size-5 shrink-0 text-soft" />
              <Autocomplete.Input
                ref={takeFocus}
                aria-label="Find or ask"
                placeholder="Find a page or a site, or ask"
                className="h-14 w-full bg-transparent outline-none placeholder:text-faint"
              />
            </div>
            <Dialog.Close className="sr-only">Close</Dialog.Close>
            <Autocomplete.List className="min-h-0 overflow-y-auto p-2">
              {(entry: Entry) => <Choice key={entry.key} entry={entry} onChoose={choose} />}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

// At once: the dialog itself gives focus a moment later, and letters typed meanwhile would be lost.
function takeFocus(input: HTMLInputElement | null) {
  input?.focus();
}

function Choice({ entry, onChoose }: { entry: Entry; onChoose: (entry: Entry) => void }) {
  return (
    <Autocomplete.Item
      value={entry}
      onClick={() => onChoose(entry)}
      className="flex min-h-11 cursor-pointer items-center justify-between gap-4 rounded-xl px-3 text-sm outline-none select-none data-highlighted:bg-wash"
    >
      <span className="min-w-0 truncate">{entry.label}</span>
      <span className="shrink-0 text-xs text-soft">{entry.kind}</span>
    </Autocomplete.Item>
  );
}
