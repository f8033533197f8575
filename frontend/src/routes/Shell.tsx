// What surrounds every page: the header, the one main region, the announcer.

import { Outlet } from '@tanstack/react-router';
import { useEvents } from '@/api/useEvents';
import { UnderWay } from '@/features/operations/UnderWay';
import { Header } from '@/features/session/Header';
import { Announcer } from '@/ui/Announcer';
import { Button } from '@/ui/Button';
import { Toaster } from '@/ui/Toaster';

export function Shell() {
  useEvents();
  return (
    <Frame>
      <Outlet />
      <UnderWay />
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
  return (
    <div className="grid h-dvh grid-rows-[auto_minmax(0,1fr)]">
      <Header />
      <main className="min-h-0 min-w-0">{children}</main>
      <Toaster />
      <Announcer />
    </div>
  );
}
