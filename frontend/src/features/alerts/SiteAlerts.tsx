// What is wrong with a site now, and what was lately. Nothing where nothing ever was.

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { siteAlertsQuery } from '@/api/alerts';
import { AlertRow } from './AlertRow';

const DAY_MS = 86_400_000;

type SiteAlertsProps = { slug: string; why: ReactNode };

export function SiteAlerts({ slug, why }: SiteAlertsProps) {
  const { data } = useQuery(siteAlertsQuery(slug));
  const lately = data?.filter(({ closed_at }) => !closed_at || Date.now() - Date.parse(closed_at) < DAY_MS) ?? [];
  if (lately.length === 0) return null;
  return (
    <section aria-labelledby="alerts">
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h2 id="alerts" className="text-lg font-semibold tracking-tight">
          Alerts
        </h2>
        {why}
      </div>
      <ul className="divide-y divide-line">
        {lately.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
    </section>
  );
}
