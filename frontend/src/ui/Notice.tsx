// Something a person must know about: what happened, what they can do, and a reference to quote.

import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

type NoticeProps = { title: string; children?: ReactNode; reference?: string | undefined; action?: ReactNode };

export function Notice({ title, children, reference, action }: NoticeProps) {
  return (
    <div
      role="alert"
      className="flex animate-rise gap-3 rounded-card border border-bad/25 bg-bad-wash p-4 sm:items-center"
    >
      <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-bad sm:mt-0" />
      <div className="flex min-w-0 flex-1 flex-col items-start gap-3 sm:flex-row sm:items-center">
        <div className="min-w-0 flex-1 text-sm">
          <p className="font-medium">{title}</p>
          {children && <p className="text-soft">{children}</p>}
          {reference && <p className="text-xs text-soft">Reference {reference}</p>}
        </div>
        {action}
      </div>
    </div>
  );
}
