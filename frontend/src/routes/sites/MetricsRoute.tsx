// `/sites/$site/metrics`: what it did and used, over a time that stands in the address.

import { useNavigate, useSearch } from '@tanstack/react-router';
import { RangePicker } from '@/features/metrics/RangePicker';
import { type Looking, rangeOf } from '@/features/metrics/ranges';
import { SiteMetrics } from '@/features/metrics/SiteMetrics';
import { textOf } from '@/lib/address';
import { useSite } from './here';
import { Tab } from './Tab';

export function MetricsRoute() {
  const site = useSite();
  const navigate = useNavigate();
  const looking: Looking = textOf(useSearch({ strict: false }), 'range', 'since', 'until', 'metric');
  return (
    <Tab title="Metrics">
      <RangePicker
        chosen={rangeOf(looking)}
        choose={(range) => navigate({ to: '/sites/$site/metrics', params: { site: site.slug }, search: { range } })}
      />
      <SiteMetrics site={site} looking={looking} />
    </Tab>
  );
}
