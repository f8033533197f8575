// One labelled line of text, with its hint and its error tied to it.

import clsx from 'clsx';
import { type InputHTMLAttributes, useId } from 'react';

type TextInputProps = InputHTMLAttributes<HTMLInputElement> & {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
};

export function TextInput({ label, hint, error, className, ...rest }: TextInputProps) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-2 block text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        className={clsx(
          'h-12 w-full rounded-xl border bg-white px-4 transition duration-150 placeholder:text-faint',
          error ? 'border-bad' : 'border-line hover:border-ink/30',
        )}
        {...rest}
      />
      {error && (
        <p id={`${id}-error`} className="mt-2 text-sm text-bad">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="mt-2 text-sm text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}
