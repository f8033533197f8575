// The root of the map: what surrounds every page, and who is let in.

import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext } from '@tanstack/react-router';
import { meQuery } from '@/api/me';
import { ApiProblem } from '@/api/problem';
import { NotFound } from './NotFound';
import { Broken, Shell } from './Shell';

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Shell,
  notFoundComponent: () => <NotFound />,
  errorComponent: Broken,
  beforeLoad: ({ context }) => letIn(context.queryClient),
});

/** Signed out means another document, so there is nothing to show until the browser has left (the query cache sends it there). */
async function letIn(queryClient: QueryClient): Promise<void> {
  try {
    await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) await new Promise(() => undefined);
    throw error;
  }
}
