// The bar on top: where you are, who you are, and the way out.

import { useQuery } from '@tanstack/react-query';
import { Link, useMatchRoute } from '@tanstack/react-router';
import { LogOut, SquarePen } from 'lucide-react';
import { signOut } from '@/api/commands';
import { meQuery } from '@/api/queries';
import { goToSignIn } from '@/lib/page';
import { Logo } from '@/ui/Logo';

const TAB =
  'flex h-10 items-center gap-2 rounded-full px-4 text-sm font-medium text-soft transition duration-150 hover:text-ink aria-[current=page]:bg-wash aria-[current=page]:text-ink';

export function Header() {
  const isInThread = useMatchRoute()({ to: '/c/$id' }) !== false;
  return (
    <header className="flex h-16 items-center gap-3 border-b border-line px-4 sm:gap-6 sm:px-6">
      <Link to="/" aria-label="AIPress, new chat" className="rounded-lg">
        <Logo />
      </Link>
      <nav aria-label="Main" className="flex items-center gap-1">
        <Link to="/" className={TAB} activeOptions={{ exact: true }}>
          {isInThread && <SquarePen aria-hidden="true" className="size-4 max-sm:hidden" />}
          {isInThread ? 'New chat' : 'Chat'}
        </Link>
        <Link to="/sites" className={TAB}>
          Sites
        </Link>
      </nav>
      <Account />
    </header>
  );
}

function Account() {
  const { data } = useQuery(meQuery);
  return (
    <div className="ml-auto flex min-w-0 items-center gap-1">
      <span className="hidden min-w-0 truncate text-sm text-soft md:block">{data?.principal.email}</span>
      <button
        type="button"
        onClick={leave}
        className="flex h-10 shrink-0 items-center gap-2 rounded-full px-3 text-sm font-medium text-soft transition duration-150 hover:bg-wash hover:text-ink"
      >
        <LogOut aria-hidden="true" className="size-4" />
        <span className="max-sm:sr-only">Sign out</span>
      </button>
    </div>
  );
}

/** The session may already be over, which is just what was asked for. */
async function leave() {
  await signOut().catch(() => undefined);
  goToSignIn();
}
