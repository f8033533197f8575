// Renaming a site in its settings: the same as on the spot, with the rules said while typing.

import { type SubmitEvent, useState } from 'react';
import type { Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';
import { complaintAbout } from './slug';
import { useRename } from './useRename';

export function SiteNameForm({ site }: { site: Tenant }) {
  const [name, setName] = useState(site.name);
  const rename = useRename(site);
  const complaint = complaintAbout(name);
  const isChanged = name.trim() !== '' && name.trim() !== site.name;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isChanged && !complaint && !rename.isPending) rename.mutate(name.trim());
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3">
      <TextInput
        label="Site name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
        error={complaint ?? undefined}
        className="min-w-0 flex-1 basis-64"
      />
      <Button type="submit" className="h-12 px-6" disabled={!isChanged || complaint !== null} busy={rename.isPending}>
        Rename
      </Button>
    </form>
  );
}
