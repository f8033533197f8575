// The part of the map about sites: the list, making one, each site with its pages, and what was done to them.

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { textOf } from '@/lib/address';
import { root } from '../root';

export const sitesRoute = createRoute({
  getParentRoute: () => root,
  path: '/sites',
  validateSearch: (search): { q?: string } => textOf(search, 'q'),
  component: lazyRouteComponent(() => import('./SitesRoute'), 'SitesRoute'),
});

/** Not below `/sites`, where every first word may be somebody's site. */
export const createSiteRoute = createRoute({
  getParentRoute: () => root,
  path: '/create',
  component: lazyRouteComponent(() => import('./CreateSiteRoute'), 'CreateSiteRoute'),
});

const site = createRoute({
  getParentRoute: () => root,
  path: '/sites/$site',
  component: lazyRouteComponent(() => import('./SiteRoute'), 'SiteRoute'),
});

export const siteRoute = site.addChildren([
  createRoute({
    getParentRoute: () => site,
    path: '/',
    component: lazyRouteComponent(() => import('./OverviewRoute'), 'OverviewRoute'),
  }),
  createRoute({
    getParentRoute: () => site,
    path: '/logs',
    component: lazyRouteComponent(() => import('./LogsRoute'), 'LogsRoute'),
  }),
  createRoute({
    getParentRoute: () => site,
    path: '/metrics',
    component: lazyRouteComponent(() => import('./MetricsRoute'), 'MetricsRoute'),
  }),
  createRoute({
    getParentRoute: () => site,
    path: '/costs',
    component: lazyRouteComponent(() => import('./CostsRoute'), 'CostsRoute'),
  }),
  createRoute({
    getParentRoute: () => site,
    path: '/backups',
    component: lazyRouteComponent(() => import('./BackupsRoute'), 'BackupsRoute'),
  }),
  createRoute({
    getParentRoute: () => site,
    path: '/staging',
    component: lazyRouteComponent(() => import('./StagingRoute'), 'StagingRoute'),
  }),
  createRoute({
    getParentRoute: () => site,
    path: '/domains',
    component: lazyRouteComponent(() => import('./DomainsRoute'), 'DomainsRoute'),
  }),
  createRoute({
    getParentRoute: () => site,
    path: '/settings',
    component: lazyRouteComponent(() => import('./SettingsRoute'), 'SettingsRoute'),
  }),
]);

export const activityRoute = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: (search): { who?: string; action?: string; site?: string } => textOf(search, 'who', 'action', 'site'),
  component: lazyRouteComponent(() => import('./ActivityRoute'), 'ActivityRoute'),
});
