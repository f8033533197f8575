// The way from one thing back to the list it is on.

import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';

export function Back({ to, children }: { to: '/admin/users' | '/admin/tenants'; children: string }) {
  return (
    <Link
      to={to}
      className="-ml-2 mb-4 inline-flex h-9 items-center gap-2 rounded-full px-2 text-sm text-soft transition duration-150 hover:text-ink"
    >
      <ArrowLeft aria-hidden="true" className="size-4" />
      {children}
    </Link>
  );
}
