// The one cache of server state. Being signed out is noticed here, whichever request meets it first.

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { goToSignIn } from '@/lib/page';
import { ApiProblem } from './problem';

function leaveWhenSignedOut(error: Error) {
  if (error instanceof ApiProblem && error.status === 401) goToSignIn();
}

/** Only what may pass by itself is tried again: no answer at all, or a server that is not ready. */
function mayPass(failures: number, error: Error): boolean {
  return failures < 3 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: { queries: { retry: mayPass, staleTime: 5_000 } },
  });
}
