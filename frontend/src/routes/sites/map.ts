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

const pages = () => import('./pages');

/** Not below `/sites`, where every first word may be somebody's site. */
export const createSiteRoute = createRoute({
  getParentRoute: () => root,
  path: '/create',
  component: lazyRouteComponent(pages, 'CreateSiteRoute'),
});

const site = createRoute({
  getParentRoute: () => root,
  path: '/sites/$site',
  component: lazyRouteComponent(pages, 'SiteRoute'),
});

const tab = <Path extends string>(path: Path, name: keyof Awaited<ReturnType<typeof pages>>) =>
  createRoute({ getParentRoute: () => site, path, component: lazyRouteComponent(pages, name) });

const logs = createRoute({
  getParentRoute: () => site,
  path: '/logs',
  validateSearch: (search): { [Name in LogFilter]?: string } =>
    textOf(search, 'source', 'level', 'q', 'within', 'since', 'until', 'environment', 'request'),
  component: lazyRouteComponent(pages, 'LogsRoute'),
});
type LogFilter = 'source' | 'level' | 'q' | 'within' | 'since' | 'until' | 'environment' | 'request';

export const siteRoute = site.addChildren([
  tab('/', 'OverviewRoute'),
  logs,
  tab('/metrics', 'MetricsRoute'),
  tab('/costs', 'CostsRoute'),
  tab('/backups', 'BackupsRoute'),
  tab('/staging', 'StagingRoute'),
  tab('/domains', 'DomainsRoute'),
  tab('/diagnosis', 'DiagnosisRoute'),
  tab('/settings', 'SettingsRoute'),
]);

/** Where links lead that an assistant elsewhere gives to a person. */
export const planRoute = createRoute({
  getParentRoute: () => root,
  path: '/plans/$id',
  component: lazyRouteComponent(pages, 'PlanRoute'),
});

export const activityRoute = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: (search): { who?: string; action?: string; site?: string } => textOf(search, 'who', 'action', 'site'),
  component: lazyRouteComponent(pages, 'ActivityRoute'),
});
