// What every field has around it: a label, and a hint and an error that are tied to it.

import clsx from 'clsx';
import { type ReactNode, useId } from 'react';

export type FieldProps = { label: string; hint?: string | undefined; error?: string | undefined };
type Tied = { id: string; 'aria-invalid': true | undefined; 'aria-describedby': string | undefined; className: string };

/** The control itself is given what ties it to the rest, and the look of a field. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: FieldProps & { className?: string | undefined; children: (tied: Tied) => ReactNode }) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-2 block text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': described || undefined,
        className: clsx(
          'w-full rounded-xl border bg-white px-4 transition duration-150 placeholder:text-faint',
          error ? 'border-bad' : 'border-line hover:border-ink/30',
        ),
      })}
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
