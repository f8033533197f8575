// The receipt of a domain added to a site, or let go: which, and the way back while there is one.

import type { Operation } from '@/api/types';
import { Card } from '@/ui/Card';
import { Status } from '@/ui/Status';
import { UndoButton } from './UndoButton';

export default function DomainReceipt({ operation }: { operation: Operation }) {
  const { kind, tenant, result, undone_by } = operation;
  const domain = result?.domain ?? '';
  const isAdded = kind === 'add_domain';
  if (undone_by) {
    return (
      <Card heading={<s className="text-soft">{domain}</s>} aside={<Status tone="off" word="Undone" />}>
        <p className="mt-2 text-sm text-soft">{isAdded ? 'It was disconnected again.' : 'It was added again.'}</p>
      </Card>
    );
  }
  return (
    <Card
      heading={isAdded ? `${domain} is added` : `${domain} is disconnected`}
      aside={<Status tone="good" word="Done" />}
    >
      <p className="mt-2 text-sm text-soft">
        {isAdded
          ? `It leads to ${tenant.name} once its DNS records are set and found.`
          : `${tenant.name} does not answer under it any more.`}
      </p>
      <UndoButton operation={operation} said={isAdded ? `${domain} is disconnected` : `${domain} is added again`} />
    </Card>
  );
}
