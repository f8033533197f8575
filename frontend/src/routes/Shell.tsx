// What surrounds every page: the header, the one main region, the announcer.

import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Opened } from '@/features/palette/Shortcuts';
import { Header } from '@/features/session/Header';
import { Announcer } from '@/ui/Announcer';
import { Button } from '@/ui/Button';

const Afterwards = lazy(() => import('./Afterwards'));

export function Shell() {
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
}

/** Shown instead of a page that broke: the rest of the app goes on. */
export function Broken() {
  return (
    <Frame>
      <div role="alert" className="grid h-full place-content-center justify-items-center gap-6 p-6 text-center">
        <div>
          <h1 className="text-3xl font-semibold tracking-tight">This page broke</h1>
          <p className="mt-2 text-soft">Your sites are not affected. Reloading usually helps.</p>
        </div>
        <Button kind="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </div>
    </Frame>
  );
}

function Frame({ children }: { children: React.ReactNode }) {
  const [open, setOpen] = useState<Opened>(null);
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <Header onFind={() => setOpen('palette')} />
      <main className="min-h-0">{children}</main>
      <Announcer />
      <Suspense>
        <Afterwards open={open} onOpen={setOpen} />
      </Suspense>
    </div>
  );
}
