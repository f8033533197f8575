// A part of a page: what it is about on the left, its content on the right; one below the other where it is narrow.

import { type ReactNode, useId } from 'react';

type SectionProps = { title: string; about?: ReactNode; children: ReactNode };

export function Section({ title, about, children }: SectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-10 gap-y-4 border-t border-line py-8 md:grid-cols-[14rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={id} className="font-semibold tracking-tight">
          {title}
        </h2>
        {about && <p className="mt-1 text-sm text-soft text-pretty">{about}</p>}
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
