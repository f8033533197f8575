// A button that opens an address which must be asked for first. The tab is opened during the press itself, or browsers block it; it
// starts blank, cannot reach back, and is sent on once the address is there.

import { ArrowUpRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { webAddress } from '@/lib/format';
import { Button, type Kind, OutsideLink } from './Button';

type OpenElsewhereProps = {
  children: ReactNode;
  address: () => Promise<string>;
  explain: (error: unknown) => string;
  kind?: Kind;
  label?: string;
};

type Outcome = { state: 'idle' | 'busy' } | { state: 'failed'; why: string } | { state: 'blocked'; url: string };

export function OpenElsewhere({ children, address, explain, kind, label }: OpenElsewhereProps) {
  const [outcome, setOutcome] = useState<Outcome>({ state: 'idle' });

  async function open() {
    const tab = openBlankTab();
    setOutcome({ state: 'busy' });
    try {
      const url = webAddress(await address());
      if (!url) throw new Error('not a web address');
      tab?.location.replace(url.href);
      setOutcome(tab ? { state: 'idle' } : { state: 'blocked', url: url.href });
    } catch (error) {
      tab?.close();
      setOutcome({ state: 'failed', why: explain(error) });
    }
  }

  return (
    <span className="contents">
      <Button kind={kind} busy={outcome.state === 'busy'} onClick={open} aria-label={label}>
        {children}
        <ArrowUpRight aria-hidden="true" className="size-4" />
      </Button>
      {outcome.state === 'blocked' && (
        <OutsideLink href={outcome.url} onClick={() => setOutcome({ state: 'idle' })}>
          Your browser blocked the tab. Open it here
        </OutsideLink>
      )}
      {outcome.state === 'failed' && (
        <p role="alert" className="basis-full text-sm text-bad">
          {outcome.why}
        </p>
      )}
    </span>
  );
}

/** `noopener` would give us no handle to send the tab on, so the way back is cut by hand before anything is loaded. */
function openBlankTab(): Window | null {
  const tab = window.open('about:blank', '_blank');
  if (!tab) return null;
  tab.opener = null;
  tab.document.title = 'Opening…';
  return tab;
}
