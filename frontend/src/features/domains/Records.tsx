// DNS records as whoever sets them needs them: name, type and value to copy, and what was found of each.

import type { Domain } from '@/api/types';
import { CopyButton } from '@/ui/CopyButton';
import { Status, type Tone } from '@/ui/Status';

type DnsRecord = Domain['records'][number];

const FOUND: Record<DnsRecord['state'], [Tone, string]> = {
  right: ['good', 'Found'],
  missing: ['off', 'Not there yet'],
  wrong: ['bad', 'Something else'],
  unknown: ['off', 'Not known'],
};
const PURPOSES: Record<DnsRecord['purpose'], string> = {
  proof: 'Proves that the domain is yours',
  address: 'Leads visitors here',
  certificate: 'Lets its certificate be issued',
};

export function Records({ records }: { records: DnsRecord[] }) {
  return (
    <ul className="mt-4 divide-y divide-line border-y border-line">
      {records.map((record) => (
        <li key={`${record.name} ${record.kind} ${record.value}`} className="py-3">
          <div className="flex flex-wrap items-center justify-between gap-x-6">
            <p className="text-sm">
              {PURPOSES[record.purpose]} <span className="text-soft">({record.kind})</span>
            </p>
            <Status tone={FOUND[record.state][0]} word={FOUND[record.state][1]} />
          </div>
          <Copied what={`${record.kind} name`} text={record.name} />
          <Copied what={`${record.kind} value`} text={record.value} />
          <Found record={record} />
        </li>
      ))}
    </ul>
  );
}

function Copied({ what, text }: { what: string; text: string }) {
  return (
    <p className="flex items-center gap-1 font-mono text-[13px] wrap-anywhere">
      {text}
      <CopyButton text={text} what={`the ${what}`} />
    </p>
  );
}

function Found({ record: { state, found, why } }: { record: DnsRecord }) {
  if (state === 'right') return null;
  return (
    <p className="text-sm wrap-anywhere text-soft">
      {why}
      {found.length > 0 && (
        <>
          {' '}
          Found: <span className="font-mono text-[13px]">{found.join(', ')}</span>
        </>
      )}
    </p>
  );
}
