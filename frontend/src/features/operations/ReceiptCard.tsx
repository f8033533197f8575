// The receipt of what was done at once, a site called something else: what changed, and the way back while there is one.

import type { Operation } from '@/api/types';
import { Card } from '@/ui/Card';
import { Status } from '@/ui/Status';
import { UndoButton } from './UndoButton';

export function ReceiptCard({ operation }: { operation: Operation }) {
  const { tenant, result, undone_by } = operation;
  const name = result?.name ?? tenant.name;
  if (undone_by) {
    return (
      <Card heading={<s className="text-soft">Renamed to {name}</s>} aside={<Status tone="off" word="Undone" />}>
        <p className="mt-2 text-sm text-soft">The site was called {result?.was} again.</p>
      </Card>
    );
  }
  return (
    <Card heading={`Renamed to ${name}`} aside={<Status tone="good" word="Done" />}>
      <p className="mt-2 text-sm text-soft">
        It was called {result?.was} before. Its address stays {tenant.slug}.
      </p>
      <UndoButton operation={operation} said={`The site is called ${result?.was} again`} />
    </Card>
  );
}
