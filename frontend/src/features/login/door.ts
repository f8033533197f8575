// What the sign-in page asks of Firebase, and how its refusals read. Nothing here loads Firebase: `openDoor` does, once.

import { sentenceOf } from '@/api/problem';
import type { FirebaseSettings } from '@/api/types';

export type Way = FirebaseSettings['providers'][number];
export type Provider = Exclude<Way, 'email-link'>;

/** Each answer with a string is an ID token of somebody who has just signed in. */
export interface FirebaseDoor {
  /** In a window; where none opens, `leaving` is called and the page goes to the provider's. */
  signIn(provider: Provider, leaving: () => void): Promise<string>;
  /** After a page of the provider's: null when the browser does not come from one. */
  arrival(): Promise<string | null>;
  sendLink(email: string): Promise<void>;
  redeemLink(email: string, link: string): Promise<string>;
  /** Of whoever signed in last, confirmed or not. */
  address(): string | null;
  sendConfirmation(): Promise<void>;
  renewed(): Promise<string>;
}

export type OpenDoor = (settings: FirebaseSettings) => Promise<FirebaseDoor>;

let opened: Promise<FirebaseDoor> | undefined;

/** Firebase's code arrives with the first call; a network that fails may be asked again. */
export const openDoor: OpenDoor = (settings) => {
  opened ??= import('./firebase').then(({ openFirebase }) => openFirebase(settings));
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
};

/** A link Firebase mailed carries these in its query. */
export function isSignInLink(href: string): boolean {
  const query = new URL(href).searchParams;
  return query.get('mode') === 'signIn' && query.has('oobCode');
}

const CHANGED_MIND = new Set(['auth/popup-closed-by-user', 'auth/cancelled-popup-request', 'auth/user-cancelled']);
const SENTENCES: Record<string, string> = {
  'auth/popup-blocked':
    'Your browser opened no window for signing in. Allow pop-ups for this page, or ask for a link by e-mail.',
  'auth/network-request-failed': 'The sign-in service cannot be reached. Check your connection, then try again.',
  'auth/internal-error': 'The sign-in service cannot be reached. Check your connection, then try again.',
  'auth/account-exists-with-different-credential':
    'You have been here before another way, with the same address. Sign in that way.',
  'auth/user-disabled': 'This account is disabled. Ask an admin, or sign in with another.',
  'auth/invalid-email': 'That is not the address the link was sent to.',
  'auth/invalid-action-code': 'This link has already been used or has expired. Ask for a new one.',
  'auth/expired-action-code': 'This link has already been used or has expired. Ask for a new one.',
  'auth/too-many-requests': 'That was tried too often. Wait a few minutes, then try again.',
  'auth/quota-exceeded': 'Too many links were sent today. Sign in another way.',
  'auth/unauthorized-domain': 'This address is not allowed to sign people in. Ask the operator to add it in Firebase.',
  'auth/operation-not-allowed': 'This way to sign in is not switched on in Firebase. Use another one.',
};

/** Why signing in did not work, in a sentence; null when the person simply closed the window. */
export function whyNot(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !code.startsWith('auth/')) return sentenceOf(error);
  if (CHANGED_MIND.has(code)) return null;
  return SENTENCES[code] ?? 'Signing in did not work. Try again, or use another way.';
}
