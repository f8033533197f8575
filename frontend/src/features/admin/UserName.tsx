// What a person is called.

import { type SubmitEvent, useEffect, useState } from 'react';
import type { KnownUser } from '@/api/people';
import { sentenceOf } from '@/api/problem';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';
import { Section } from './Section';
import { useUserChange } from './useUserChange';

export function UserName({ known }: { known: KnownUser }) {
  const { name } = known.user;
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  const { mutate, isPending, error } = useUserChange(known, 'The new name is saved');
  const isNew = text.trim() !== name && text.trim() !== '';

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isNew && !isPending) mutate({ name: text.trim() });
  }

  return (
    <Section title="Profile" about="How they are called on their sites and in the log.">
      <form onSubmit={submit} className="flex max-w-md flex-wrap items-end gap-3">
        <TextInput
          label="Name"
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={error ? sentenceOf(error) : undefined}
          maxLength={120}
          autoComplete="off"
          className="min-w-0 flex-1"
        />
        <Button type="submit" disabled={!isNew} busy={isPending} className="h-12">
          Save
        </Button>
      </form>
    </Section>
  );
}
