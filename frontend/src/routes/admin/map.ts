// The part of the map for those who look after the platform. All of it is one chunk; what filters mean is known there, too.

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { textOf } from '@/lib/address';
import { root } from '../root';

const pages = () => import('./pages');

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: lazyRouteComponent(pages, 'AdminRoute'),
});

/** Every filter of every page: each page takes what it understands. */
type Filters = {
  q?: string;
  role?: string;
  state?: string;
  owner?: string;
  actor?: string;
  action?: string;
  subject?: string;
};

const page = <Path extends string>(path: Path, name: keyof Awaited<ReturnType<typeof pages>>) =>
  createRoute({
    getParentRoute: () => admin,
    path,
    validateSearch: (search): Filters => textOf(search, 'q', 'role', 'state', 'owner', 'actor', 'action', 'subject'),
    component: lazyRouteComponent(pages, name),
  });

export const adminRoute = admin.addChildren([
  page('/', 'OverviewRoute'),
  page('/users', 'UsersRoute'),
  page('/users/$id', 'UserRoute'),
  page('/tenants', 'TenantsRoute'),
  page('/tenants/$id', 'TenantRoute'),
  page('/secrets', 'SecretsRoute'),
  page('/costs', 'CostsRoute'),
  page('/audit', 'AuditRoute'),
]);
