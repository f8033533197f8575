// Nothing is here, and the way back.

import { Link } from '@tanstack/react-router';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';

export function NotFound({ what = 'There is nothing at this address.' }: { what?: string }) {
  useTitle('Not found');
  return (
    <div className="grid h-full place-content-center justify-items-center gap-6 p-6 text-center">
      <div>
        <h1 className="text-3xl font-semibold tracking-tight">Not found</h1>
        <p className="mt-2 text-soft">{what}</p>
      </div>
      <Link to="/" className={buttonLook('primary')}>
        Go to chat
      </Link>
    </div>
  );
}
