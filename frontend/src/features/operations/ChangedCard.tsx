// The receipt of a change of size: what the site is now, and the way back while there is one.

import type { Operation } from '@/api/types';
import { Card } from '@/ui/Card';
import { Status } from '@/ui/Status';
import { UndoButton } from './UndoButton';

export default function ChangedCard({ operation }: { operation: Operation }) {
  const { tenant, result, undone_by } = operation;
  return (
    <Card
      heading={`${tenant.name}: ${result?.tier} tier`}
      aside={<Status tone={undone_by ? 'off' : 'good'} word={undone_by ? 'Undone' : 'Done'} />}
    >
      <p className="mt-2 text-sm text-soft">It was on the {result?.was} tier before.</p>
      {!undone_by && <UndoButton operation={operation} said="The site is changed back" />}
    </Card>
  );
}
