// The way to a domain of one's own: its name, then the records to set are shown below.

import { type FormEvent, useState } from 'react';
import { sentenceOf } from '@/api/problem';
import type { Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';
import { useAdding } from './useDomainWrites';

export function AddDomain({ site }: { site: Tenant }) {
  const [domain, setDomain] = useState('');
  const adding = useAdding(site.slug, () => setDomain(''));

  function add(event: FormEvent) {
    event.preventDefault();
    if (domain.trim()) adding.mutate(domain.trim());
  }

  return (
    <form onSubmit={add} className="mb-6 flex max-w-xl flex-wrap items-end gap-3" aria-label="Add a domain">
      <div className="min-w-0 flex-1 basis-56">
        <TextInput
          label="Your domain"
          value={domain}
          onChange={(event) => setDomain(event.target.value)}
          placeholder="www.example.com"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={adding.error ? sentenceOf(adding.error) : undefined}
        />
      </div>
      <Button type="submit" busy={adding.isPending}>
        Add domain
      </Button>
    </form>
  );
}
