// All pages of the admin portal in one module, so that they are one chunk, which only admins fetch.

export { AdminRoute } from './AdminRoute';
export { AuditRoute } from './AuditRoute';
export { CostsRoute } from './CostsRoute';
export { OverviewRoute } from './OverviewRoute';
export { SecretsRoute } from './SecretsRoute';
export { TenantRoute } from './TenantRoute';
export { TenantsRoute } from './TenantsRoute';
export { UserRoute } from './UserRoute';
export { UsersRoute } from './UsersRoute';
