// Signing in with Firebase, from the button to our own session: whichever way the ID token comes, it is exchanged once.

import { useCallback, useEffect, useState } from 'react';
import { ApiProblem } from '@/api/problem';
import { enterWithFirebase } from '@/api/signIn';
import type { FirebaseSettings } from '@/api/types';
import { type FirebaseDoor, type OpenDoor, type Provider, whyNot } from './door';

const ADDRESS = 'aipress.sign-in-address';
const AWAY = 'aipress.sign-in-away';
const LONGEST_ARRIVAL_MS = 8000;

type Arrangement = { settings: FirebaseSettings; open: OpenDoor; link: string | null; enter: () => void };
type Get = (door: FirebaseDoor) => Promise<string | null>;

export function useFirebase({ settings, open, link, enter }: Arrangement) {
  const [busy, setBusy] = useState<Provider | 'arriving' | null>(() => (isExpected(link) ? 'arriving' : null));
  const [trouble, setTrouble] = useState<string | null>(null);
  const { unconfirmed, drop, comeIn } = useExchange({ settings, open, enter });

  const attempt = useCallback(
    async (how: Provider | 'arriving', get: Get) => {
      setBusy(how);
      setTrouble(null);
      try {
        if (await comeIn(get)) return;
      } catch (error) {
        setTrouble(whyNot(error));
      }
      setBusy(null);
    },
    [comeIn],
  );

  useEffect(() => {
    const arrive = firstArrival(link);
    if (arrive) void attempt('arriving', arrive);
  }, [link, attempt]);

  return {
    busy,
    trouble,
    unconfirmed,
    startAgain: drop,
    signIn: (provider: Provider) => attempt(provider, (door) => door.signIn(provider, noteLeaving)),
    redeem: async (email: string) => void (await comeIn((door) => door.redeemLink(email, link as string))),
    sendLink: async (email: string) => {
      await (await open(settings)).sendLink(email);
      localStorage.setItem(ADDRESS, email);
      return email;
    },
    sendConfirmation: async () => (await open(settings)).sendConfirmation(),
    goOn: () => comeIn((door) => door.renewed()),
  };
}

type Unconfirmed = { why: string; address: string | null };

/** Takes an ID token to our own session; or learns that its address is not confirmed. */
function useExchange({ settings, open, enter }: Omit<Arrangement, 'link'>) {
  const [unconfirmed, setUnconfirmed] = useState<Unconfirmed | null>(null);
  useEffect(() => {
    // Opened before it is needed: a click that first has to fetch code may no longer open a window.
    open(settings).catch(() => undefined);
  }, [open, settings]);
  const comeIn = useCallback(
    async (get: Get): Promise<boolean> => {
      const door = await open(settings);
      const token = await get(door);
      if (!token) return false;
      try {
        await enterWithFirebase(token);
        enter();
        return true;
      } catch (error) {
        if (!isUnconfirmed(error)) throw error;
        setUnconfirmed({ why: error.message, address: door.address() });
        return false;
      }
    },
    [open, settings, enter],
  );
  return { unconfirmed, drop: () => setUnconfirmed(null), comeIn };
}

/** A link that was opened, or a page that sent the browser back, is taken up once: React runs effects twice in development. */
function firstArrival(link: string | null): Get | null {
  const address = localStorage.getItem(ADDRESS);
  if (link && address) {
    localStorage.removeItem(ADDRESS);
    return (door) => door.redeemLink(address, link);
  }
  if (!sessionStorage.getItem(AWAY)) return null;
  sessionStorage.removeItem(AWAY);
  return async (door) => {
    const token = await Promise.race([door.arrival(), pause(LONGEST_ARRIVAL_MS)]);
    // Browsers that keep third parties' storage apart lose what the provider said, so a window is the only way.
    if (!token) throw Object.assign(new Error('came back with nothing'), { code: 'auth/popup-blocked' });
    return token;
  };
}

function isExpected(link: string | null): boolean {
  return Boolean((link && localStorage.getItem(ADDRESS)) || sessionStorage.getItem(AWAY));
}

const pause = (ms: number) => new Promise<null>((resolve) => setTimeout(resolve, ms, null));

/** So that whoever comes back from a provider's page is expected. */
const noteLeaving = () => sessionStorage.setItem(AWAY, 'yes');

function isUnconfirmed(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.details.code === 'email_not_verified';
}
