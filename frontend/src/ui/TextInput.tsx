// One labelled line of text, with its hint and its error tied to it.

import clsx from 'clsx';
import type { InputHTMLAttributes } from 'react';
import { Field, type FieldProps } from './Field';

type TextInputProps = InputHTMLAttributes<HTMLInputElement> & FieldProps;

export function TextInput({ label, hint, error, className, ...rest }: TextInputProps) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(tied) => <input {...tied} className={clsx(tied.className, 'h-12')} {...rest} />}
    </Field>
  );
}
