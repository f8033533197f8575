// Each part the platform stands on, and whether it answers.

import { useQuery } from '@tanstack/react-query';
import { type Health, readyQuery } from '@/api/health';
import { cloudCalled } from '@/lib/clouds';
import { Status } from '@/ui/Status';
import { StatusLine } from '@/ui/StatusLine';
import { Trouble } from './Trouble';

const PARTS: Record<string, string> = {
  database: 'The platform’s own database',
  vault: 'Vault',
  databases: 'Databases of sites',
  caches: 'Caches of sites',
  runtime: 'PHP of sites',
  stranded: 'Work under way',
  lost: 'Parts of sites',
};

export function Checks() {
  const { data, error, refetch } = useQuery(readyQuery);
  if (error && !data) return <Trouble what="Whether everything answers" error={error} again={() => void refetch()} />;
  if (!data) return <div className="h-32 animate-late rounded-card bg-wash" />;
  const wrong = Object.values(data.checks).filter((found) => found !== 'ok').length;
  return (
    <div className="grid gap-3">
      <StatusLine tone={wrong ? 'bad' : 'good'}>{inWords(data, wrong)}</StatusLine>
      <ul className="grid gap-x-8 gap-y-1 px-5 text-sm sm:grid-cols-2">
        {Object.entries(data.checks).map(([part, found]) => (
          <li key={part} className="flex flex-wrap items-center justify-between gap-x-4">
            <span>{label(part)}</span>
            {found === 'ok' ? (
              <Status tone="good" word="In order" />
            ) : (
              <Status tone="bad" word={found} className="shrink!" />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Parts of a cloud that is not that of new sites have its name before them. */
function label(part: string): string {
  const [cloud, own] = part.split(' ');
  return own && cloud ? `${PARTS[own] ?? own} on ${cloudCalled(cloud)}` : (PARTS[part] ?? part);
}

function inWords({ checks }: Health, wrong: number): string {
  const all = Object.keys(checks).length;
  if (wrong === 0) return 'Everything this platform stands on answers.';
  return `${wrong} of ${all} parts ${wrong === 1 ? 'needs' : 'need'} somebody. Run ./aipress doctor on the machine for what to do.`;
}
