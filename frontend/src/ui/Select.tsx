// One of a few: the browser's own list, which every phone and screen reader knows best.

import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import { useId } from 'react';

export type Option<Value extends string> = { value: Value; label: string };

type SelectProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  /** The label is said, not shown: for filters that explain themselves. */
  isQuiet?: boolean;
  disabled?: boolean;
};

export function Select<Value extends string>({ label, options, onChange, isQuiet, ...rest }: SelectProps<Value>) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className={isQuiet ? 'sr-only' : 'mb-2 block text-sm font-medium'}>
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          onChange={({ target }) => {
            const chosen = options.find((option) => option.value === target.value);
            if (chosen) onChange(chosen.value);
          }}
          className={clsx(
            'w-full cursor-pointer appearance-none border border-line bg-white pr-10 pl-4 transition duration-150 hover:border-ink/30 disabled:cursor-default disabled:opacity-45',
            isQuiet ? 'h-10 rounded-full text-sm' : 'h-12 rounded-xl',
          )}
          {...rest}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 right-3.5 size-4 -translate-y-1/2 text-soft"
        />
      </div>
    </div>
  );
}
