// The log as a file: every entry the filters let through, not only those on the page.

import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { type AuditFilters, wholeAudit } from '@/api/admin';
import { sentenceOf } from '@/api/problem';
import type { Audit } from '@/api/types';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { saveFile, toCsv } from './csv';

const HEADER = ['number', 'at', 'actor_kind', 'actor_email', 'actor_id', 'action', 'subject', 'detail', 'id', 'seal'];

export function ExportAudit({ filters }: { filters: AuditFilters }) {
  const [fetched, setFetched] = useState(0);
  const { mutate, isPending } = useMutation({
    mutationFn: () => wholeAudit(filters, setFetched),
    onSuccess: (entries) => {
      saveFile(`audit-${new Date().toISOString().slice(0, 10)}.csv`, toCsv(HEADER, entries.map(row)));
      toast({ title: `Exported ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}` });
    },
    onError: (error) => toast({ title: `Nothing was exported. ${sentenceOf(error)}`, tone: 'bad' }),
    onSettled: () => setFetched(0),
  });
  return (
    <Button disabled={isPending} onClick={() => mutate()}>
      <Download aria-hidden="true" className="size-4" />
      {isPending ? `Fetched ${fetched} entries` : 'Export CSV'}
    </Button>
  );
}

function row({ number, at, actor, action, subject, detail, id, seal }: Audit): string[] {
  return [String(number), at, actor.kind, actor.email, actor.id, action, subject, JSON.stringify(detail), id, seal];
}
