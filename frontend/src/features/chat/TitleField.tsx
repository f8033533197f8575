// A conversation's title as a field. Enter keeps it, Escape leaves it as it was.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, type SubmitEvent, useId, useState } from 'react';
import { renameThread } from '@/api/chat/keeping';
import { sentenceOf } from '@/api/problem';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';

const LONGEST = 60;

type TitleFieldProps = {
  id: string;
  title: string;
  /** The new title, or nothing when it stays. */
  onDone: (renamed?: string) => void;
  /** Whether it stands where the page's heading stood. */
  heading?: boolean;
};

export function TitleField({ id, title, onDone, heading = false }: TitleFieldProps) {
  const field = useId();
  const [text, setText] = useState(title);
  const renaming = useRenaming(id, onDone);
  const wanted = text.trim();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!wanted || renaming.isPending) return;
    if (wanted === title) onDone();
    else renaming.mutate(wanted);
  }

  function leaveOnEscape(event: KeyboardEvent) {
    if (event.key === 'Escape') onDone();
  }

  return (
    <form onSubmit={submit} onKeyDown={leaveOnEscape} className="flex h-12 w-full items-center gap-2">
      {heading && <h1 className="sr-only">{title}</h1>}
      <label htmlFor={field} className="sr-only">
        Title of the conversation
      </label>
      <input
        id={field}
        value={text}
        maxLength={LONGEST}
        // biome-ignore lint/a11y/noAutofocus: it stands where the person has just pressed
        autoFocus
        autoComplete="off"
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
        className="h-10 min-w-0 flex-1 rounded-xl border border-line px-3 text-sm transition duration-150 hover:border-ink/30"
      />
      <Button type="submit" kind="primary" disabled={!wanted} busy={renaming.isPending}>
        Save
      </Button>
      <Button kind="quiet" onClick={() => onDone()}>
        Cancel
      </Button>
    </form>
  );
}

function useRenaming(id: string, onDone: (renamed?: string) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (title: string) => renameThread(id, title),
    onSuccess: async (_, title) => {
      await queryClient.invalidateQueries({ queryKey: ['threads'] });
      onDone(title);
    },
    onError: (error) => toast({ title: `It keeps its title. ${sentenceOf(error)}`, tone: 'bad' }),
  });
}
