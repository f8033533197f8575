// One thing that was done: who, what, to which site, when, what came of it, and the way back while there is one.

import { Link } from '@tanstack/react-router';
import { Bot, Server, UserRound } from 'lucide-react';
import type { Audit, Operation } from '@/api/types';
import { hasEnded } from '@/api/useOperation';
import { Status } from '@/ui/Status';
import { timeOfDay } from './days';
import { gone, sentenceFor, whoDid } from './sentences';
import { UndoButton } from './UndoButton';

export type Site = { id: string; slug: string; name: string };

type ActivityRowProps = {
  entry: Audit;
  me: string | undefined;
  site: Site | undefined;
  formerName: string | undefined;
  operation: Operation | undefined;
};

const SIGNS = { user: UserRound, agent: Bot };

export function ActivityRow({ entry, me, site, formerName, operation }: ActivityRowProps) {
  const Sign = SIGNS[entry.actor.kind as 'user'] ?? Server;
  const { before, site: called, after } = sentenceFor(entry);
  return (
    <li className="flex items-start gap-4 py-3">
      <span className="mt-0.5 grid size-8 shrink-0 place-items-center rounded-full bg-wash text-soft">
        <Sign aria-hidden="true" className="size-4" />
      </span>
      <div className="flex min-h-9 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 text-sm wrap-anywhere">
          <span className="font-medium">{whoDid(entry.actor, me)}</span> {before}{' '}
          {called !== null && (
            <SiteName site={site} called={called === gone ? (site?.name ?? formerName ?? gone) : called} />
          )}{' '}
          {after}
        </p>
        {operation && <Outcome operation={operation} />}
      </div>
      <time dateTime={entry.at} className="shrink-0 text-sm leading-9 text-soft tabular-nums">
        {timeOfDay(entry.at)}
      </time>
    </li>
  );
}

function SiteName({ site, called }: { site: Site | undefined; called: string }) {
  if (!site) return <span className="font-medium">{called}</span>;
  return (
    <Link
      to="/sites/$site"
      params={{ site: site.slug }}
      className="rounded-sm font-medium text-accent underline-offset-4 hover:underline"
    >
      {called}
    </Link>
  );
}

function Outcome({ operation }: { operation: Operation }) {
  if (!hasEnded(operation)) return <Status tone="busy" word="Under way" />;
  if (operation.state === 'failed') return <Status tone="bad" word="Did not work" />;
  if (operation.undone_by) return <Status tone="off" word="Undone since" />;
  return operation.undo ? <UndoButton operation={operation} undo={operation.undo} /> : null;
}
