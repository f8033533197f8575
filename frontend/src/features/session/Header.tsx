// The bar on top: where you are, who you are, and the way out.

import { useQuery } from '@tanstack/react-query';
import { Link, useMatchRoute } from '@tanstack/react-router';
import { LogOut, Search, SquarePen } from 'lucide-react';
import { meQuery } from '@/api/me';
import { goToSignIn } from '@/lib/page';
import { Logo } from '@/ui/Logo';

const TAB =
  'flex h-10 items-center gap-2 shrink-0 rounded-full px-2 text-sm font-medium text-soft transition duration-150 hover:text-ink sm:px-3 aria-[current=page]:bg-wash aria-[current=page]:text-ink';

export function Header({ onFind }: { onFind: () => void }) {
  const { data: me } = useQuery(meQuery);
  const isInThread = useMatchRoute()({ to: '/c/$id' }) !== false;
  return (
    <header className="flex h-16 items-center gap-1 border-b border-line px-3 sm:gap-6 sm:px-6">
      <Link to="/" aria-label="AIPress, new chat" className="shrink-0 overflow-hidden rounded-lg max-sm:w-7">
        <Logo />
      </Link>
      <nav aria-label="Main" className="no-scrollbar flex min-w-0 items-center overflow-x-auto sm:gap-1">
        <Link to="/" className={TAB} activeOptions={{ exact: true }}>
          {isInThread && <SquarePen aria-hidden="true" className="size-4 max-sm:hidden" />}
          {isInThread ? 'New chat' : 'Chat'}
        </Link>
        <Link to="/sites" className={TAB}>
          Sites
        </Link>
        <Link to="/activity" className={TAB}>
          Activity
        </Link>
        {me?.principal.role === 'admin' && (
          <Link to="/admin" className={TAB}>
            Admin
          </Link>
        )}
      </nav>
      <Account email={me?.principal.email} onFind={onFind} />
    </header>
  );
}

function Account({ email, onFind }: { email: string | undefined; onFind: () => void }) {
  return (
    <div className="ml-auto flex shrink-0 items-center gap-1">
      <button
        type="button"
        onClick={onFind}
        aria-label="Find or ask"
        aria-keyshortcuts="Meta+K Control+K"
        title="Find or ask (⌘K)"
        className="grid size-10 shrink-0 place-items-center rounded-full text-soft transition duration-150 hover:bg-wash hover:text-ink"
      >
        <Search aria-hidden="true" className="size-4.5" />
      </button>
      <span className="hidden min-w-0 truncate text-sm text-soft lg:block">{email}</span>
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

/** The session may already be over, which is just what was asked for. How to ask is fetched when somebody does. */
async function leave() {
  await import('@/api/commands').then(({ signOut }) => signOut()).catch(() => undefined);
  goToSignIn();
}
