// The frame of a page that scrolls by itself: one column, comfortably wide.

import type { ReactNode } from 'react';

export function Page({ children }: { children: ReactNode }) {
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-[1008px] px-4 py-8 sm:px-6 sm:py-10">{children}</div>
    </div>
  );
}
