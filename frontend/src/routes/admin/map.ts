// The part of the map for those who look after the platform. All of it is one chunk.

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root';
import { auditFilters, siteFilters } from './search';

const pages = () => import('./pages');

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: lazyRouteComponent(pages, 'AdminRoute'),
});

export const adminRoute = admin.addChildren([
  createRoute({ getParentRoute: () => admin, path: '/', component: lazyRouteComponent(pages, 'OverviewRoute') }),
  createRoute({
    getParentRoute: () => admin,
    path: '/tenants',
    validateSearch: siteFilters,
    component: lazyRouteComponent(pages, 'TenantsRoute'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/tenants/$id',
    component: lazyRouteComponent(pages, 'TenantRoute'),
  }),
  createRoute({ getParentRoute: () => admin, path: '/secrets', component: lazyRouteComponent(pages, 'SecretsRoute') }),
  createRoute({ getParentRoute: () => admin, path: '/costs', component: lazyRouteComponent(pages, 'CostsRoute') }),
  createRoute({
    getParentRoute: () => admin,
    path: '/audit',
    validateSearch: auditFilters,
    component: lazyRouteComponent(pages, 'AuditRoute'),
  }),
]);
