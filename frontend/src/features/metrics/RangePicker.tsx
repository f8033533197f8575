// How far back: one of a few lengths, kept in the address.

import { RANGES, type Range } from './ranges';

type RangePickerProps = { chosen: Range | null; choose: (range: Range) => void };

export function RangePicker({ chosen, choose }: RangePickerProps) {
  return (
    <fieldset className="mb-4 flex flex-wrap gap-2">
      <legend className="sr-only">How far back</legend>
      {RANGES.map(([key, label]) => (
        <button
          key={key}
          type="button"
          aria-pressed={chosen === key}
          onClick={() => choose(key)}
          className="rounded-full border border-line px-3 py-1 text-sm aria-pressed:border-ink aria-pressed:font-medium"
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
