// A secret goes in and never comes out: what is shown of a kept one is its last four characters and its age.

import clsx from 'clsx';
import { type KeyboardEvent, type SubmitEvent, useState } from 'react';
import { ago } from '@/lib/format';
import { Button } from './Button';
import { Field } from './Field';

type SecretInputProps = {
  label: string;
  /** Null when the value is too short to show a part of it, or nothing is kept yet. */
  lastFour: string | null;
  /** When it was set; null when nothing is kept yet. */
  setAt: string | null;
  /** Resolves when it is kept; the field is emptied then. */
  onSave: (value: string) => Promise<unknown>;
  busy: boolean;
  error?: string | undefined;
};

export function SecretInput({ label, lastFour, setAt, onSave, busy, error }: SecretInputProps) {
  const [value, setValue] = useState('');

  async function save(event: SubmitEvent) {
    event.preventDefault();
    if (!value || busy) return;
    // A refusal is told through `error`; what was typed stays to be mended.
    await Promise.resolve(onSave(value)).then(
      () => setValue(''),
      () => undefined,
    );
  }

  return (
    <form onSubmit={save} className="flex items-start gap-2">
      <Field
        label={label}
        error={error}
        hint={setAt ? kept(lastFour, setAt) : 'It is encrypted at once and never shown again.'}
        className="min-w-0 flex-1"
      >
        {(tied) => (
          // Not a password field: that would break a pasted key of several lines.
          <textarea
            {...tied}
            rows={1}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            onKeyDown={saveOnEnter}
            placeholder={setAt ? 'Paste a new value' : 'Paste the value'}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className={clsx(tied.className, 'block h-12 resize-none py-3 leading-6', value && 'masked')}
          />
        )}
      </Field>
      <Button type="submit" kind="primary" disabled={!value} busy={busy} className="mt-9">
        {setAt ? 'Replace' : 'Save'}
      </Button>
    </form>
  );
}

function saveOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

function kept(lastFour: string | null, setAt: string): string {
  return lastFour ? `Kept: ends in ${lastFour}, set ${ago(setAt)}.` : `Kept: set ${ago(setAt)}.`;
}
