// A site that was moved to another cloud: where it is now, what arrived, and the way back while there is one.

import type { Operation } from '@/api/types';
import { cloudCalled } from '@/lib/clouds';
import { readableAddress, webAddress } from '@/lib/format';
import { Card } from '@/ui/Card';
import { Status } from '@/ui/Status';
import { UndoButton } from './UndoButton';

export default function MovedCard({ operation }: { operation: Operation }) {
  const { tenant, result, undone_by } = operation;
  const url = webAddress(result?.url ?? undefined);
  if (undone_by) {
    return (
      <Card heading={<s className="text-soft">{tenant.name} moved</s>} aside={<Status tone="off" word="Undone" />}>
        <p className="mt-2 text-sm text-soft">It was moved back to {cloudCalled(result?.from_cloud)}.</p>
      </Card>
    );
  }
  return (
    <Card heading={`${tenant.name} is on ${cloudCalled(result?.to_cloud)}`} aside={<Status tone="good" word="Moved" />}>
      <p className="mt-2 text-sm">{url ? <a href={url.href}>{readableAddress(url.href)}</a> : 'Its address stays.'}</p>
      <p className="mt-2 text-sm text-soft">
        {arrived(result?.files ?? 0)} Nothing could be written for {result?.read_only_seconds} seconds.
        {result?.left_out ? ` ${result.left_out} could not be carried.` : ''}
      </p>
      <UndoButton operation={operation} said={`${tenant.name} is being moved back`} />
    </Card>
  );
}

function arrived(files: number): string {
  if (!files) return 'Its database arrived as it left.';
  return `${files} ${files === 1 ? 'file' : 'files'} and the database arrived as they left.`;
}
