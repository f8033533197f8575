// A time: said in the words of the page, exact for whoever points at it or lets it be read.

import type { ReactNode } from 'react';

const dayOnly = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

export function Moment({ at, children }: { at: string; children?: ReactNode }) {
  const said = exact.format(new Date(at));
  return (
    <time dateTime={at} title={said} className="whitespace-nowrap tabular-nums">
      {children ?? said}
    </time>
  );
}

/** Only the day, where the hour would say nothing. */
export function day(at: string): string {
  return dayOnly.format(new Date(at));
}
