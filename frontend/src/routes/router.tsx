// The map of the app: which address shows what.

import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, type RouterHistory } from '@tanstack/react-router';
import { textOf } from '@/lib/address';
import { adminRoute } from './admin/map';
import { root } from './root';
import { activityRoute, createSiteRoute, planRoute, siteRoute, sitesRoute } from './sites/map';

const chat = createRoute({
  getParentRoute: () => root,
  id: 'chat',
  component: lazyRouteComponent(() => import('./ChatRoute'), 'ChatRoute'),
});

const routes = root.addChildren([
  chat.addChildren([
    createRoute({
      getParentRoute: () => chat,
      path: '/',
      /** `about`: the slug of a site the first question is to be about. */
      validateSearch: (search): { about?: string } => textOf(search, 'about'),
    }),
    createRoute({ getParentRoute: () => chat, path: '/c/$id' }),
  ]),
  sitesRoute,
  createSiteRoute,
  siteRoute,
  planRoute,
  activityRoute,
  adminRoute,
]);

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
