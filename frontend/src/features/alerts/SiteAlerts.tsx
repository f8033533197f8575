// What is wrong with a site now, and what was lately. Nothing where nothing ever was.

import { useQuery } from '@tanstack/react-query';
import { siteAlertsQuery } from '@/api/alerts';
import { AlertRow } from './AlertRow';

const DAY_MS = 86_400_000;

export function SiteAlerts({ slug }: { slug: string }) {
  const { data } = useQuery(siteAlertsQuery(slug));
  const lately = data?.filter(({ closed_at }) => !closed_at || Date.now() - Date.parse(closed_at) < DAY_MS) ?? [];
  if (lately.length === 0) return null;
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts" className="mb-2 text-lg font-semibold tracking-tight">
        Alerts
      </h2>
      <ul className="divide-y divide-line">
        {lately.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
    </section>
  );
}
