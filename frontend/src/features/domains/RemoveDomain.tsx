// Letting go of a domain: its visitors find nothing any more, so that is asked about first.

import { useState } from 'react';
import { sentenceOf } from '@/api/problem';
import type { Domain, Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { LazyModal } from '@/ui/LazyModal';
import { useRemoval } from './useDomainWrites';

type Props = { site: Pick<Tenant, 'slug' | 'name'>; domain: Domain };

export function RemoveDomain({ site, domain }: Props) {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Button kind="quiet" aria-label={`Remove ${domain.unicode}`} onClick={() => setAsked(true)}>
        Remove
      </Button>
      {isAsked && <Ask site={site} domain={domain} onClose={() => setAsked(false)} />}
    </>
  );
}

function Ask({ site, domain, onClose }: Props & { onClose: () => void }) {
  const removal = useRemoval(site.slug, domain.domain);
  return (
    <LazyModal
      open
      onClose={onClose}
      title={`Remove ${domain.unicode}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" busy={removal.isPending} onClick={() => removal.mutate()}>
            Remove domain
          </Button>
        </>
      }
    >
      <p className="text-sm text-soft">
        {site.name} will not answer under it any more. Its address on this platform stays, and the domain can be added
        again.
      </p>
      {removal.error && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {sentenceOf(removal.error)}
        </p>
      )}
    </LazyModal>
  );
}
