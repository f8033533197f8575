// Firebase in the browser, and the only file that knows it. It is loaded when the platform has a Firebase project, by the
// sign-in document alone. What it leaves behind is an ID token: the session is ours, so nothing of Firebase's is kept.

import { initializeApp } from '@firebase/app';
import {
  type Auth,
  type AuthProvider,
  browserPopupRedirectResolver,
  connectAuthEmulator,
  GithubAuthProvider,
  GoogleAuthProvider,
  getRedirectResult,
  initializeAuth,
  inMemoryPersistence,
  OAuthProvider,
  sendEmailVerification,
  sendSignInLinkToEmail,
  signInWithEmailLink,
  signInWithPopup,
  signInWithRedirect,
} from '@firebase/auth';
import type { FirebaseSettings } from '@/api/types';
import type { FirebaseDoor, Provider } from './door';

const PROVIDERS: Record<Provider, () => AuthProvider> = {
  google: () => new GoogleAuthProvider().setCustomParameters({ prompt: 'select_account' }),
  apple: () => asked(new OAuthProvider('apple.com'), 'email', 'name'),
  github: () => asked(new GithubAuthProvider(), 'user:email'),
};
const NO_POPUP = new Set(['auth/popup-blocked', 'auth/operation-not-supported-in-this-environment']);

export function openFirebase(settings: FirebaseSettings): FirebaseDoor {
  const auth = connect(settings);
  const comeBack = { url: `${window.location.origin}/login`, handleCodeInApp: true };
  return {
    signIn: (provider, leaving) => signIn(auth, PROVIDERS[provider](), leaving),
    arrival: async () => ((await getRedirectResult(auth)) ? token(auth) : null),
    sendLink: (email) => sendSignInLinkToEmail(auth, email, comeBack),
    redeemLink: async (email, link) => {
      await signInWithEmailLink(auth, email, link);
      return token(auth);
    },
    address: () => auth.currentUser?.email ?? null,
    sendConfirmation: () => sendEmailVerification(user(auth), { url: comeBack.url }),
    renewed: async () => {
      await user(auth).reload();
      return token(auth, true);
    },
  };
}

function connect({ api_key, auth_domain, project_id, emulator_url }: FirebaseSettings): Auth {
  const app = initializeApp({ apiKey: api_key, authDomain: auth_domain, projectId: project_id });
  const auth = initializeAuth(app, {
    persistence: inMemoryPersistence,
    popupRedirectResolver: browserPopupRedirectResolver,
  });
  if (emulator_url) connectAuthEmulator(auth, emulator_url, { disableWarnings: true });
  auth.languageCode = navigator.language;
  return auth;
}

/** A window of the provider's; where the browser opens none, the whole page goes there and comes back. */
async function signIn(auth: Auth, provider: AuthProvider, leaving: () => void): Promise<string> {
  try {
    await signInWithPopup(auth, provider);
  } catch (error) {
    if (!NO_POPUP.has((error as { code?: string }).code ?? '')) throw error;
    leaving();
    await signInWithRedirect(auth, provider);
  }
  return token(auth);
}

function asked<T extends { addScope: (scope: string) => unknown }>(provider: T, ...scopes: string[]): T {
  for (const scope of scopes) provider.addScope(scope);
  return provider;
}

function user(auth: Auth) {
  if (!auth.currentUser) throw new Error('nobody has signed in');
  return auth.currentUser;
}

const token = (auth: Auth, anew = false) => user(auth).getIdToken(anew);
