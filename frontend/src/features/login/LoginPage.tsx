// Sign-in: ask for a link by e-mail, or arrive with one. A link's token travels in the fragment, which no server ever logs.

import { useEffect, useState } from 'react';
import { redeemSignInLink } from '@/api/commands';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { Announcer } from '@/ui/Announcer';
import { LoadingSpinner } from '@/ui/LoadingSpinner';
import { Logo } from '@/ui/Logo';
import { Notice } from '@/ui/Notice';
import { LinkForm } from './LinkForm';

type LoginPageProps = { token: string | null; enter: () => void };

export function LoginPage({ token, enter }: LoginPageProps) {
  const { isRedeeming, trouble } = useRedemption(token, enter);
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] px-6">
      <header className="py-6">
        <Logo />
      </header>
      <main className="mx-auto flex w-full max-w-sm flex-col justify-center gap-8 pb-32">
        {isRedeeming ? (
          <Arriving />
        ) : (
          <>
            {trouble && <Notice title={trouble}>Ask for a new link below; it arrives in a moment.</Notice>}
            <LinkForm />
          </>
        )}
      </main>
      <Announcer />
    </div>
  );
}

function Arriving() {
  return (
    <div className="flex items-center justify-center gap-3" role="status">
      <LoadingSpinner className="text-accent" />
      <h1 className="text-base font-medium">Signing you in…</h1>
    </div>
  );
}

/** A token works once, so it must be sent once: React runs effects twice in development. */
const sent = new Map<string, Promise<void>>();

function redeemOnce(token: string): Promise<void> {
  const redemption = sent.get(token) ?? redeemSignInLink(token);
  sent.set(token, redemption);
  return redemption;
}

function useRedemption(token: string | null, enter: () => void) {
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    if (token) redeemOnce(token).then(enter, (error: unknown) => setTrouble(whyNot(error)));
  }, [token, enter]);
  return { isRedeeming: token !== null && trouble === null, trouble };
}

/** How a link is refused that is unknown, used or too old; anything else (suspended, too many tries) says itself what it is. */
const NO_GOOD = new Set([400, 401, 404, 410, 422]);

function whyNot(error: unknown): string {
  const isNoGood = error instanceof ApiProblem && NO_GOOD.has(error.status);
  return isNoGood ? 'This link has already been used or has expired.' : sentenceOf(error);
}
