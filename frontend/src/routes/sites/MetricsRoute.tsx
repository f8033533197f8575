// `/sites/$site/metrics`. Nothing of a site is measured yet.

import { Link } from '@tanstack/react-router';
import { buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { useSite } from './here';
import { Tab } from './Tab';

export function MetricsRoute() {
  const site = useSite();
  const ask = (
    <Link to="/" search={{ about: site.slug }} className={buttonLook('secondary')}>
      Ask about this site
    </Link>
  );
  return (
    <Tab title="Metrics">
      <EmptyState title="Nothing is measured yet" action={ask}>
        Requests, errors, response times and memory will be drawn here over time. Until then, AIPress can tell you
        whether the site is up.
      </EmptyState>
    </Tab>
  );
}
