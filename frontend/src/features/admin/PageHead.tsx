// The top of an admin page: its name, a sentence about it, and what can be done here.

import type { ReactNode } from 'react';

type PageHeadProps = { title: string; children?: ReactNode; action?: ReactNode };

export function PageHead({ title, children, action }: PageHeadProps) {
  return (
    <div className="mb-8 flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
      <div className="min-w-0 max-w-xl">
        <h1 className="text-3xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
        {children && <div className="mt-2 text-soft text-pretty">{children}</div>}
      </div>
      {action}
    </div>
  );
}
