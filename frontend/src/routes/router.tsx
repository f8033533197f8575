// The map of the app: which address shows what, and who is let in.

import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { ApiProblem } from '@/api/problem';
import { meQuery } from '@/api/queries';
import { NotFound } from './NotFound';
import { Broken, Shell } from './Shell';

type Context = { queryClient: QueryClient };

const root = createRootRouteWithContext<Context>()({
  component: Shell,
  notFoundComponent: () => <NotFound />,
  errorComponent: Broken,
  beforeLoad: ({ context }) => letIn(context.queryClient),
});

const chat = createRoute({
  getParentRoute: () => root,
  id: 'chat',
  component: lazyRouteComponent(() => import('./ChatRoute'), 'ChatRoute'),
});

const routes = root.addChildren([
  chat.addChildren([
    createRoute({ getParentRoute: () => chat, path: '/' }),
    createRoute({ getParentRoute: () => chat, path: '/c/$id' }),
  ]),
  createRoute({
    getParentRoute: () => root,
    path: '/sites',
    component: lazyRouteComponent(() => import('./SitesRoute'), 'SitesRoute'),
  }),
]);

/** Signed out means another document, so there is nothing to show until the browser has left (the query cache sends it there). */
async function letIn(queryClient: QueryClient): Promise<void> {
  try {
    await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) await new Promise(() => undefined);
    throw error;
  }
}

export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: routes,
    context: { queryClient },
    defaultPreload: 'intent',
    ...(history && { history }),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
