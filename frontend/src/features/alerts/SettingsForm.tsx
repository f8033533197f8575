// How an admin hears of alerts: mail of the machine's own, and a webhook, whose address and secret are only ever written.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { type AlertSettings, type AlertSettingsWish, alertSettingsQuery, setAlertSettings } from '@/api/alerts';
import { sentenceOf } from '@/api/problem';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';

const SHORTEST_SECRET = 16;

export function SettingsForm({ onDone }: { onDone: () => void }) {
  const { data, error } = useQuery(alertSettingsQuery);
  if (error) return <p className="text-sm text-bad">{sentenceOf(error)}</p>;
  return data ? <Form settings={data} onDone={onDone} /> : null;
}

function Form({ settings, onDone }: { settings: AlertSettings; onDone: () => void }) {
  const [byMail, setByMail] = useState(settings.by_mail);
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const setting = useSettings(onDone);
  const isHalf = url !== '' && secret.length < SHORTEST_SECRET;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isHalf || setting.isPending) return;
    setting.mutate({ by_mail: byMail, ...(url && { webhook: { url, secret } }) });
  }

  return (
    <form onSubmit={submit} noValidate className="mb-4 grid max-w-xl gap-4 rounded-card border border-line p-5">
      <label className="flex items-center gap-2 text-sm">
        <input type="checkbox" checked={byMail} onChange={({ target }) => setByMail(target.checked)} />
        Mail me the machine’s own alerts
      </label>
      <Webhook settings={settings} onRemove={() => setting.mutate({ by_mail: byMail, webhook: null })} />
      <TextInput
        label={settings.webhook ? 'Another webhook' : 'Webhook'}
        type="url"
        value={url}
        autoComplete="off"
        placeholder="https://hooks.example.com/…"
        onChange={(event) => setUrl(event.target.value.trim())}
      />
      {url && (
        <TextInput
          label="Secret to sign with"
          type="password"
          value={secret}
          autoComplete="new-password"
          hint={`At least ${SHORTEST_SECRET} characters. It is not shown again.`}
          onChange={(event) => setSecret(event.target.value)}
        />
      )}
      {setting.error && (
        <p role="alert" className="text-sm text-bad">
          {sentenceOf(setting.error)}
        </p>
      )}
      <div className="flex gap-3">
        <Button type="submit" kind="primary" disabled={isHalf} busy={setting.isPending}>
          Save
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Webhook({ settings: { webhook }, onRemove }: { settings: AlertSettings; onRemove: () => void }) {
  if (!webhook) return null;
  return (
    <div className="flex flex-wrap items-center gap-3 text-sm">
      <p className="min-w-0 flex-1">
        Every alert goes to {webhook.host}.
        {webhook.trouble && <span className="text-bad"> The last one did not arrive: {webhook.trouble}</span>}
      </p>
      <Button kind="quiet" onClick={onRemove}>
        Remove the webhook
      </Button>
    </div>
  );
}

function useSettings(onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wish: AlertSettingsWish) => setAlertSettings(wish),
    gcTime: 0,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['alert-settings'] });
      toast({ title: 'Saved.' });
      onDone();
    },
  });
}
