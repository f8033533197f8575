// A site as a card: its name and state, the way to it, the way into its WordPress, and whatever else there is to say.

import { ArrowUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Address } from './Address';
import { OutsideLink } from './Button';
import { Card } from './Card';
import { OpenElsewhere } from './OpenElsewhere';
import { SiteTile } from './SiteTile';
import { Status, type Tone } from './Status';

type SitePanelProps = {
  name: string;
  status: { tone: Tone; word: string };
  /** Null while the site cannot be visited. */
  url: string | null;
  admin: () => Promise<string>;
  explain: (error: unknown) => string;
  children?: ReactNode;
};

export function SitePanel({ name, status, url, admin, explain, children }: SitePanelProps) {
  return (
    <Card
      heading={
        <span className="flex items-center gap-4">
          <SiteTile name={name} className="size-12 text-lg" />
          <span className="min-w-0">
            <span className="block truncate text-lg">{name}</span>
          </span>
        </span>
      }
      aside={<Status tone={status.tone} word={status.word} className="h-12" />}
    >
      {url && (
        <div className="mt-5 flex flex-wrap items-center gap-2">
          <OutsideLink kind="primary" href={url}>
            Open site
            <ArrowUpRight aria-hidden="true" className="size-4" />
          </OutsideLink>
          <OpenElsewhere address={admin} explain={explain}>
            WP Admin
          </OpenElsewhere>
          <span className="min-w-0 sm:ml-2">
            <Address url={url} />
          </span>
        </div>
      )}
      {children}
    </Card>
  );
}
