// A part of the app with pages of its own: their list on the left, the page beside it, each scrolling by itself.

import type { ReactNode } from 'react';
import { type NavItem, SidebarNav } from './SidebarNav';

type AdminLayoutProps = { label: string; items: NavItem[]; children: ReactNode };

export function AdminLayout({ label, items, children }: AdminLayoutProps) {
  return (
    <div className="flex h-full flex-col lg:flex-row">
      <div className="shrink-0 lg:overflow-y-auto lg:border-r lg:border-line lg:p-4">
        <SidebarNav label={label} items={items} />
      </div>
      <section
        aria-label={`${label}, page`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 min-w-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        <div className="mx-auto max-w-[1040px] px-4 py-8 sm:px-6 lg:px-10">{children}</div>
      </section>
    </div>
  );
}
