// The pages of one site, side by side; on a narrow screen the row scrolls.

import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

const TABS = [
  ['/sites/$site', 'Overview'],
  ['/sites/$site/logs', 'Logs'],
  ['/sites/$site/metrics', 'Metrics'],
  ['/sites/$site/costs', 'Costs'],
  ['/sites/$site/backups', 'Backups'],
  ['/sites/$site/staging', 'Staging'],
  ['/sites/$site/domains', 'Domains'],
  ['/sites/$site/settings', 'Settings'],
] as const;

const TAB =
  'relative flex h-11 items-center rounded-lg px-3 text-sm font-medium text-soft transition duration-150 after:absolute after:inset-x-3 after:-bottom-px after:h-0.5 after:rounded-full hover:text-ink aria-[current=page]:text-ink aria-[current=page]:after:bg-ink';

export function SiteTabs({ site }: { site: string }) {
  const row = useRef<HTMLUListElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page's own tab is brought into sight
  useEffect(() => {
    row.current?.querySelector('[aria-current=page]')?.scrollIntoView?.({ inline: 'center', block: 'nearest' });
  }, [pathname]);
  return (
    <nav aria-label="Pages of this site" className="border-b border-line">
      <ul ref={row} className="no-scrollbar -mx-4 -mb-px flex overflow-x-auto px-1 sm:-mx-3 sm:px-0">
        {TABS.map(([to, label]) => (
          <li key={to} className="shrink-0 pb-px">
            <Link to={to} params={{ site }} activeOptions={{ exact: to === '/sites/$site' }} className={TAB}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
