// A part of the kit with its name.

import type { ReactNode } from 'react';

export function Section({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name} className="mt-14">
      <h2 className="mb-5 border-b border-line pb-3 text-lg font-semibold tracking-tight">{name}</h2>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">{children}</div>
    </section>
  );
}

/** Things side by side that may wrap. */
export function Row({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-3">{children}</div>;
}
