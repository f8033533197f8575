// Somebody whose provider does not vouch for their address: they prove it by a mail, and go on from here.

import { useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { whyNot } from './door';

const NOT_YET = 'It is not confirmed yet. Open the link in that mail first, then try again.';

type ConfirmationProps = {
  /** null when the provider told none: then only another way is left. */
  address: string | null;
  why: string;
  send: () => Promise<void>;
  /** False when it is not confirmed yet. */
  goOn: () => Promise<boolean>;
  back: () => void;
};

export function Confirmation({ address, why, send, goOn, back }: ConfirmationProps) {
  const [isSent, setSent] = useState(false);
  const { run, isBusy, trouble } = useDeed();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const sendNow = () =>
    run(async () => {
      await send();
      setSent(true);
      return null;
    });
  const goOnNow = () => run(async () => ((await goOn()) ? null : NOT_YET));
  return (
    <div className="grid animate-rise gap-6">
      <div>
        <h1 ref={heading} tabIndex={-1} className="rounded-sm text-3xl font-semibold tracking-tight">
          {isSent ? 'Look at your mail' : 'Is it yours?'}
        </h1>
        <p className="mt-2 text-soft" role="status">
          {isSent ? `We sent a confirmation to ${address}. Open it, then come back here.` : why}
        </p>
      </div>
      {trouble && <Notice title={trouble} />}
      <div className="grid gap-3">
        {address && !isSent && (
          <Button kind="primary" className="h-12" busy={isBusy} onClick={sendNow}>
            Send me a confirmation
          </Button>
        )}
        {isSent && (
          <Button kind="primary" className="h-12" busy={isBusy} onClick={goOnNow}>
            I have confirmed it
          </Button>
        )}
        {isSent && (
          <Button className="h-12" onClick={sendNow}>
            Send it again
          </Button>
        )}
        <Button kind="quiet" className="h-12" onClick={back}>
          Sign in another way
        </Button>
      </div>
    </div>
  );
}

function useDeed() {
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  /** Shows what the deed answers, or why it failed. */
  async function run(deed: () => Promise<string | null>) {
    setBusy(true);
    setTrouble(null);
    setTrouble(await deed().catch(whyNot));
    setBusy(false);
  }
  return { run, isBusy, trouble };
}
