// Lines that others wrote: shown as they stand, as text and nothing else. The model that speaks beside them has not seen them.

import type { Strange } from '@/api/chat/messages';
import { ago } from '@/lib/format';
import { Card } from '@/ui/Card';

const HEADINGS: Record<Strange['where'], string> = {
  log: 'From the log',
  page: 'From the pages',
  comment: 'From the comments',
  plugin: 'Plugins',
  domain: 'Domains',
  backup: 'Backups',
  message: 'From a conversation',
  site: 'Sites',
};

export function LinesCard({ where, lines }: Strange) {
  return (
    <Card heading={HEADINGS[where] ?? 'Written by others'}>
      <p className="mt-1 text-sm text-soft">As others wrote it.</p>
      <ul className="mt-3 max-h-80 divide-y divide-line overflow-y-auto text-sm">
        {lines.map(({ text, at, count }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change, their place is their identity
          <li key={place} className="flex gap-4 py-2">
            <span className="min-w-0 flex-1 font-mono text-[13px] wrap-anywhere whitespace-pre-wrap">{text}</span>
            <span className="shrink-0 text-xs text-soft">
              {count > 1 && `${count} × `}
              {at && ago(at)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
