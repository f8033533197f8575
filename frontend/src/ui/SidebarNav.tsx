// The pages of one part of the app, beside them; on a narrow screen a row above them that scrolls.

import { Link, type LinkProps, useLocation } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';

export type NavItem = { to: NonNullable<LinkProps['to']>; label: string; icon: LucideIcon; exact?: boolean };

export function SidebarNav({ label, items }: { label: string; items: NavItem[] }) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address has another link to be seen
  useEffect(() => {
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <nav ref={nav} aria-label={label} className="max-lg:overflow-x-auto max-lg:border-b max-lg:border-line">
      <ul className="flex gap-1 max-lg:px-4 max-lg:py-2 lg:w-52 lg:flex-col">
        {items.map(({ to, label: name, icon: Icon, exact }) => (
          <li key={name}>
            <Link
              to={to}
              activeOptions={{ exact: exact ?? false }}
              className="flex h-10 items-center gap-3 rounded-xl px-3 text-sm font-medium whitespace-nowrap text-soft transition duration-150 hover:text-ink aria-[current=page]:bg-wash aria-[current=page]:text-ink"
            >
              <Icon aria-hidden="true" className="size-4 shrink-0" />
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
