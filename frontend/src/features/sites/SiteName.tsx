// A site's name as the page's heading. Pressing the pencil turns it into a field; Enter keeps, Escape leaves it as it was.

import { Pencil } from 'lucide-react';
import { type KeyboardEvent, type SubmitEvent, useId, useRef, useState } from 'react';
import type { Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { complaintAbout } from './slug';
import { useRename } from './useRename';

export function SiteName({ site }: { site: Tenant }) {
  const [isOpen, setOpen] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const canRename = site.state === 'live' || site.state === 'failed';

  function close() {
    setOpen(false);
    requestAnimationFrame(() => pencil.current?.focus());
  }

  if (isOpen) return <NameField site={site} onDone={close} />;
  return (
    <div className="flex min-h-10 items-center gap-1">
      <h1 className="min-w-0 truncate text-2xl font-semibold tracking-tight sm:text-3xl">{site.name}</h1>
      {canRename && (
        <button
          ref={pencil}
          type="button"
          aria-label={`Rename ${site.name}`}
          onClick={() => setOpen(true)}
          className="grid size-8 shrink-0 place-items-center rounded-full text-soft transition duration-150 hover:bg-wash hover:text-ink"
        >
          <Pencil aria-hidden="true" className="size-4" />
        </button>
      )}
    </div>
  );
}

function NameField({ site, onDone }: { site: Tenant; onDone: () => void }) {
  const id = useId();
  const [name, setName] = useState(site.name);
  const rename = useRename(site);
  const complaint = complaintAbout(name);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const wanted = name.trim();
    if (complaint || !wanted) return;
    if (wanted !== site.name) rename.mutate(wanted);
    onDone();
  }

  function leaveOnEscape(event: KeyboardEvent) {
    if (event.key === 'Escape') onDone();
  }

  return (
    <form onSubmit={submit} onKeyDown={leaveOnEscape} className="flex flex-wrap items-center gap-2">
      <h1 className="sr-only">{site.name}</h1>
      <label htmlFor={id} className="sr-only">
        Name of the site
      </label>
      <input
        id={id}
        value={name}
        // biome-ignore lint/a11y/noAutofocus: it stands where the person has just pressed
        autoFocus
        autoComplete="off"
        aria-invalid={complaint ? true : undefined}
        aria-describedby={complaint ? `${id}-why` : undefined}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
        className="h-10 min-w-0 flex-1 rounded-xl border border-line px-3 text-lg font-semibold transition duration-150 hover:border-ink/30"
      />
      <Button type="submit" kind="primary" disabled={!name.trim() || complaint !== null}>
        Save
      </Button>
      <Button kind="quiet" onClick={onDone}>
        Cancel
      </Button>
      {complaint && (
        <p id={`${id}-why`} className="basis-full text-sm text-bad">
          {complaint}
        </p>
      )}
    </form>
  );
}
