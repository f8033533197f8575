// The ways in when Firebase is configured, one button below the other; the e-mail link opens its form in their place.

import { useState } from 'react';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import type { Provider, Way } from './door';
import { LinkForm } from './LinkForm';
import { Mark } from './marks';

const NAMES: Record<Way, string> = { google: 'Google', apple: 'Apple', github: 'GitHub', 'email-link': 'e-mail' };

type ProvidersProps = {
  ways: readonly Way[];
  busy: Provider | null;
  trouble: string | null;
  signIn: (provider: Provider) => void;
  sendLink: (email: string) => Promise<string>;
};

export function Providers({ ways, busy, trouble, signIn, sendLink }: ProvidersProps) {
  const [isByEmail, setByEmail] = useState(ways.length === 1 && ways[0] === 'email-link');
  if (isByEmail) {
    const back = ways.length > 1 ? () => setByEmail(false) : undefined;
    return <LinkForm send={sendLink} hint="Open it in this browser." back={back} />;
  }
  const choose = (way: Way) => (way === 'email-link' ? setByEmail(true) : signIn(way));
  return (
    <div className="grid animate-rise gap-6">
      <div>
        <h1 className="text-3xl font-semibold tracking-tight">Sign in</h1>
        <p className="mt-2 text-soft">New here? This makes your account, too.</p>
      </div>
      {trouble && <Notice title={trouble} />}
      <div className="grid gap-3">
        {ways.map((way) => (
          <Button key={way} className="h-12 w-full" busy={busy === way} onClick={() => choose(way)}>
            <Mark way={way} />
            <span className="w-40 text-left">Continue with {NAMES[way]}</span>
          </Button>
        ))}
      </div>
    </div>
  );
}
