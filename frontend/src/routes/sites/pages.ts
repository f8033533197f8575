// The smaller pages around sites in one module, so that they are one chunk, and the map names one place.

export { ActivityRoute } from './ActivityRoute';
export { BackupsRoute } from './BackupsRoute';
export { CostsRoute } from './CostsRoute';
export { CreateSiteRoute } from './CreateSiteRoute';
export { DiagnosisRoute } from './DiagnosisRoute';
export { DomainsRoute } from './DomainsRoute';
export { LogsRoute } from './LogsRoute';
export { MetricsRoute } from './MetricsRoute';
export { OverviewRoute } from './OverviewRoute';
export { PlanRoute } from './PlanRoute';
export { SettingsRoute } from './SettingsRoute';
export { SiteRoute } from './SiteRoute';
export { StagingRoute } from './StagingRoute';
