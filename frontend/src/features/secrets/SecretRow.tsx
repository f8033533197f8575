// One environment variable: what can be known of it, replacing its value, and removing it.

import { useState } from 'react';
import { sentenceOf } from '@/api/problem';
import type { Secret, Tenant } from '@/api/types';
import { ago } from '@/lib/format';
import { Button } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';
import { LazyModal } from '@/ui/LazyModal';
import { SecretInput } from '@/ui/SecretInput';
import { useRemoval, useSetting } from './useSecretWrites';

export function SecretRow({ site, secret }: { site: Tenant; secret: Secret }) {
  const [isReplacing, setReplacing] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const { name, last_four: lastFour, set_at: setAt, set_by: setBy } = secret;
  const setting = useSetting(site, () => setReplacing(false));
  return (
    <li className="py-3">
      <div className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1">
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex items-center gap-1 font-mono text-[13px] wrap-anywhere">
            {name}
            <CopyButton text={name} what="the name" />
          </p>
          <p className="text-sm text-soft">
            {lastFour ? `ends in ${lastFour}, ` : ''}set {ago(setAt)} by {setBy.email}
          </p>
        </div>
        <Button
          kind="quiet"
          aria-label={isReplacing ? `Cancel replacing ${name}` : `Replace ${name}`}
          aria-expanded={isReplacing}
          onClick={() => setReplacing(!isReplacing)}
        >
          {isReplacing ? 'Cancel' : 'Replace'}
        </Button>
        <Button kind="quiet" aria-label={`Remove ${name}`} onClick={() => setRemoving(true)}>
          Remove
        </Button>
      </div>
      {isReplacing && (
        <div className="mt-2 max-w-xl">
          <SecretInput
            label={`New value of ${name}`}
            lastFour={lastFour}
            setAt={setAt}
            onSave={(value) => setting.mutateAsync({ name, value })}
            busy={setting.isPending}
            error={setting.error ? sentenceOf(setting.error) : undefined}
          />
        </div>
      )}
      {isRemoving && <RemoveDialog site={site} name={name} onClose={() => setRemoving(false)} />}
    </li>
  );
}

function RemoveDialog({ site, name, onClose }: { site: Tenant; name: string; onClose: () => void }) {
  const removal = useRemoval(site, name);
  return (
    <LazyModal
      open
      onClose={onClose}
      title={`Remove ${name}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" busy={removal.isPending} onClick={() => removal.mutate()}>
            Remove
          </Button>
        </>
      }
    >
      <p className="text-sm text-soft">
        {site.name} will not find this variable any more. Its value can’t be brought back; it can be set again.
      </p>
      {removal.error && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {sentenceOf(removal.error)}
        </p>
      )}
    </LazyModal>
  );
}
