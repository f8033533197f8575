// How one gets in by Firebase. Apart from the app's other requests, so that the sign-in document loads nothing it does not need.

import { body, client } from './client';
import type { SignInWays } from './types';

export async function readSignInWays(): Promise<SignInWays> {
  return body(await client.GET('/api/auth/providers'));
}

/** Makes this browser's session of an ID token of somebody who has just signed in. */
export async function enterWithFirebase(idToken: string): Promise<void> {
  await client.POST('/api/auth/firebase', { body: { id_token: idToken } });
}
