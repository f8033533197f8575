// What is wrong anywhere now, for admins, and how they hear of it elsewhere.

import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { type Alert, openAlertsQuery } from '@/api/alerts';
import { Button } from '@/ui/Button';
import { StatusLine } from '@/ui/StatusLine';
import { AlertRow } from './AlertRow';

const SettingsForm = lazy(async () => ({ default: (await import('./SettingsForm')).SettingsForm }));

type OpenAlertsProps = { linkSite: (site: NonNullable<Alert['tenant']>) => ReactNode };

export function OpenAlerts({ linkSite }: OpenAlertsProps) {
  const { data } = useQuery(openAlertsQuery);
  const [isSetting, setSetting] = useState(false);
  if (!data) return null;
  return (
    <section aria-labelledby="alerts">
      <div className="mb-2 flex items-center justify-between gap-4">
        <h2 id="alerts" className="font-semibold tracking-tight">
          Alerts
        </h2>
        <Button kind="quiet" aria-expanded={isSetting} onClick={() => setSetting(!isSetting)}>
          How you hear of them
        </Button>
      </div>
      {isSetting && (
        <Suspense>
          <SettingsForm onDone={() => setSetting(false)} />
        </Suspense>
      )}
      {data.length === 0 && <StatusLine tone="good">No alert is open.</StatusLine>}
      <ul className="divide-y divide-line">
        {data.map((alert) => (
          <AlertRow key={alert.id} alert={alert} where={alert.tenant ? linkSite(alert.tenant) : 'This machine'} />
        ))}
      </ul>
    </section>
  );
}
