// One domain: how far it is, every DNS record it needs beside what was found, and what can be done with it.

import type { Domain, Tenant } from '@/api/types';
import { ago, remaining } from '@/lib/format';
import { Button } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';
import { Status, type Tone } from '@/ui/Status';
import { Records } from './Records';
import { RemoveDomain } from './RemoveDomain';
import { useCheck } from './useDomainWrites';

const STATES: Record<Domain['state'], [Tone, string]> = {
  waiting: ['busy', 'Waits for its proof'],
  proved: ['busy', 'Proved, not all right yet'],
  connected: ['good', 'Connected'],
  failed: ['bad', 'Needs you'],
};

export function DomainCard({ site, domain }: { site: Pick<Tenant, 'slug' | 'name' | 'access'>; domain: Domain }) {
  const checking = useCheck(site.slug, domain.domain);
  const [tone, word] = STATES[domain.state];
  return (
    <article aria-label={domain.unicode} className="rounded-card border border-line p-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <h3 className="flex min-w-0 items-center gap-1 font-semibold wrap-anywhere">
          {domain.unicode}
          <CopyButton text={domain.domain} what="the domain" />
        </h3>
        <Status tone={tone} word={word} />
      </div>
      {domain.why && <p className="mt-1 max-w-2xl text-sm text-soft">{domain.why}</p>}
      <Records records={domain.records} />
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button busy={checking.isPending} onClick={() => checking.mutate()}>
          Check now
        </Button>
        {site.access !== 'member' && <RemoveDomain site={site} domain={domain} />}
        <p className="text-sm text-soft">{lookedAt(domain)}</p>
      </div>
    </article>
  );
}

function lookedAt({ checked_at: last, next_check_at: next, certificate_ends: ends }: Domain): string {
  const looked = last ? `Looked at ${ago(last)}` : 'Not looked at yet';
  const then = next ? `, again in ${remaining(next)} at the latest` : '';
  const until = ends ? ` Its certificate is good until ${new Date(ends).toLocaleDateString('en')}.` : '';
  return `${looked}${then}.${until}`;
}
