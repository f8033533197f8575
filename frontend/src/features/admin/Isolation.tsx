// How sites are kept apart. Where they are not, nobody can overlook it.

import { ShieldAlert, ShieldCheck } from 'lucide-react';
import type { Runtime } from '@/api/health';
import { cloudCalled } from '@/lib/clouds';
import { StatusLine } from '@/ui/StatusLine';

type OnCloud = Runtime['clouds'][number];

/** `runtime` is null while it does not answer. Of several clouds each is told by itself. */
export function Isolation({ runtime }: { runtime: Runtime | null }) {
  if (runtime === null) {
    return <StatusLine tone="bad">How sites run is not known: what runs them does not answer.</StatusLine>;
  }
  const { clouds, silent } = runtime;
  const where = (name: string) => (clouds.length + silent.length > 1 ? ` on ${cloudCalled(name)}` : '');
  return (
    <div className="grid gap-3">
      {clouds.map((one) =>
        one.isolated ? (
          <Apart key={one.name} runtime={one} where={where(one.name)} />
        ) : (
          <NotApart key={one.name} runtime={one} where={where(one.name)} />
        ),
      )}
      {silent.map((name) => (
        <StatusLine key={name} tone="bad">{`How sites${where(name)} run is not known: it does not answer.`}</StatusLine>
      ))}
    </div>
  );
}

function Apart({ runtime: { sandbox, limits, outbound }, where }: { runtime: OnCloud; where: string }) {
  return (
    <div className="flex items-start gap-4 rounded-card border border-line p-5">
      <span aria-hidden="true" className="grid size-10 shrink-0 place-items-center rounded-full bg-good/10 text-good">
        <ShieldCheck className="size-5" />
      </span>
      <div className="min-w-0 text-sm">
        <h2 className="font-medium">{`Sites${where} are kept apart from each other`}</h2>
        <p className="text-soft">
          Each runs as a user of its own in a sandbox ({sandbox}). Limits: {limits}. Internet: {outbound}.
        </p>
      </div>
    </div>
  );
}

function NotApart({ runtime: { sandbox }, where }: { runtime: OnCloud; where: string }) {
  return (
    <div role="alert" className="flex items-start gap-4 rounded-card border-2 border-bad bg-bad-wash p-5 sm:p-6">
      <span aria-hidden="true" className="grid size-12 shrink-0 place-items-center rounded-full bg-bad text-white">
        <ShieldAlert className="size-6" />
      </span>
      <div className="min-w-0">
        <h2 className="text-lg font-semibold tracking-tight">{`Sites${where} are not isolated`}</h2>
        {sandbox === 'none' ? <OneUser /> : <Simulated sandbox={sandbox} />}
      </div>
    </div>
  );
}

function OneUser() {
  return (
    <>
      <p className="mt-1 text-sm">
        All of them run as one user of this machine: the code of one site can read the files and secrets of every other,
        and this platform’s own. Host only sites you trust like yourself.
      </p>
      <p className="mt-2 text-sm">
        To isolate them, run <code className="font-medium">./aipress up</code> as root.
      </p>
    </>
  );
}

function Simulated({ sandbox }: { sandbox: string }) {
  return (
    <p className="mt-1 text-sm">
      They run as {sandbox}: the code of one site can learn the secrets of every other. Google Cloud itself keeps them
      apart. Host only sites you trust like yourself.
    </p>
  );
}
