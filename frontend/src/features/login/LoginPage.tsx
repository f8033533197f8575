// Sign-in: the ways this platform has, or arriving with a link. A link of ours carries its token in the fragment, which no
// server ever logs; one of Firebase's carries a code in the query, which is out of the address bar before anything else.

import { useEffect, useState } from 'react';
import { redeemSignInLink, sendSignInLink } from '@/api/commands';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { readSignInWays } from '@/api/signIn';
import type { SignInWays } from '@/api/types';
import { Announcer } from '@/ui/Announcer';
import { Logo } from '@/ui/Logo';
import { Notice } from '@/ui/Notice';
import { Arriving } from './Arriving';
import { ByFirebase } from './ByFirebase';
import { type OpenDoor, openDoor } from './door';
import { LinkForm } from './LinkForm';

export type Arrival = { token: string | null; link: string | null };
type LoginPageProps = { arrival: Arrival; enter: () => void; open?: OpenDoor };

export function LoginPage({ arrival, enter, open = openDoor }: LoginPageProps) {
  const { isRedeeming, trouble } = useRedemption(arrival.token, enter);
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
            {trouble && <Notice title={trouble}>Sign in again below; a new link arrives in a moment.</Notice>}
            <Ways link={arrival.link} enter={enter} open={open} />
          </>
        )}
      </main>
      <Announcer />
    </div>
  );
}

type WaysProps = { link: string | null; enter: () => void; open: OpenDoor };

function Ways({ link, enter, open }: WaysProps) {
  const ways = useSignInWays();
  if (!ways) return <p role="status" className="sr-only" />;
  if (ways.firebase) return <ByFirebase settings={ways.firebase} open={open} link={link} enter={enter} />;
  return <LinkForm send={sendSignInLink} hint="On your own machine, look in the terminal or the outbox." />;
}

/** Undefined until it is known. When it can't be asked, the built-in link is offered: it then says what is wrong. */
function useSignInWays(): SignInWays | undefined {
  const [ways, setWays] = useState<SignInWays>();
  useEffect(() => {
    let isWanted = true;
    readSignInWays()
      .catch(() => ({ email_link: true, firebase: null }))
      .then((found) => isWanted && setWays(found));
    return () => {
      isWanted = false;
    };
  }, []);
  return ways;
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
    if (token) redeemOnce(token).then(enter, (error: unknown) => setTrouble(whyRefused(error)));
  }, [token, enter]);
  return { isRedeeming: token !== null && trouble === null, trouble };
}

/** How a link is refused that is unknown, used or too old; anything else (suspended, too many tries) says itself what it is. */
const NO_GOOD = new Set([400, 401, 404, 410, 422]);

function whyRefused(error: unknown): string {
  const isNoGood = error instanceof ApiProblem && NO_GOOD.has(error.status);
  return isNoGood ? 'This link has already been used or has expired.' : sentenceOf(error);
}
