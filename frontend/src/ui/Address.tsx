// A site's address: readable, opens in a new tab, can be copied.

import { readableAddress, webAddress } from '@/lib/format';
import { CopyButton } from './CopyButton';

export function Address({ url }: { url: string }) {
  const address = webAddress(url);
  if (!address) return <span className="text-sm text-soft">{url}</span>;
  return (
    <span className="flex min-w-0 items-center gap-1">
      <a
        href={address.href}
        target="_blank"
        rel="noopener noreferrer"
        className="min-w-0 truncate rounded-sm text-sm text-accent underline-offset-4 hover:underline"
      >
        {readableAddress(address.href)}
        <span className="sr-only"> (opens in a new tab)</span>
      </a>
      <CopyButton text={address.href} what="the address" />
    </span>
  );
}
