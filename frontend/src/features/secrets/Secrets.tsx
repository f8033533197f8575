// A site's environment variables: names, the end of each value, and how old it is. Values are written here and never read.

import { useQuery } from '@tanstack/react-query';
import { sentenceOf } from '@/api/problem';
import { secretsQuery } from '@/api/secrets';
import type { Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { AddSecret } from './AddSecret';
import { SecretRow } from './SecretRow';

export function Secrets({ site }: { site: Tenant }) {
  const { data, error, refetch } = useQuery(secretsQuery(site.slug));
  if (error && !data) {
    return (
      <Notice
        title="Environment variables cannot be shown right now."
        action={<Button onClick={() => refetch()}>Try again</Button>}
      >
        {sentenceOf(error)}
      </Notice>
    );
  }
  if (!data) {
    return (
      <div role="img" aria-label="Loading environment variables" className="h-14 animate-late rounded-xl bg-wash" />
    );
  }
  return (
    <>
      {data.length === 0 && <p className="text-sm text-soft">None are set.</p>}
      {data.length > 0 && (
        <ul aria-label="Environment variables" className="divide-y divide-line">
          {data.map((secret) => (
            <SecretRow key={secret.name} site={site} secret={secret} />
          ))}
        </ul>
      )}
      <AddSecret site={site} taken={data.map(({ name }) => name)} />
    </>
  );
}
