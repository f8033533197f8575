// A stage for components: the fake platform over real HTTP, signed in, and what they need around them.

import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactElement, ReactNode } from 'react';
import { createQueryClient } from '@/api/queryClient';
import { createAppRouter } from '@/routes/router';
import { Announcer } from '@/ui/Announcer';
import { startFake } from '../e2e/fake/server.mjs';

export type Fake = Awaited<ReturnType<typeof startFake>>;

type HappyWindow = Window & { happyDOM: { setURL: (url: string) => void } };

/** Starts a platform and makes it this document's origin, so that relative addresses and cookies work as in a browser. */
export async function openStage(options: { pace?: number } = {}): Promise<Fake> {
  const fake = await startFake(options);
  (window as unknown as HappyWindow).happyDOM.setURL(`${fake.url}/`);
  return fake;
}

export async function signIn(fake: Fake): Promise<void> {
  const token = fake.world.newLink().split('token=')[1];
  const body = JSON.stringify({ token });
  const answer = await fetch('/api/auth/email-link/redeem', { method: 'POST', body });
  if (!answer.ok) throw new Error(`could not sign in: ${answer.status}`);
}

export function show(element: ReactElement) {
  const queryClient = createQueryClient();
  const around = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>
      {children}
      <Announcer />
    </QueryClientProvider>
  );
  return { queryClient, ...render(element, { wrapper: around }) };
}

/** Shows something that has links in it, with a router around it that leads nowhere. */
export function showLinked(element: ReactElement) {
  const router = createRouter({
    routeTree: createRootRoute({ component: () => element }),
    history: createMemoryHistory(),
  });
  return show(<RouterProvider router={router as never} />);
}

/** The whole app at an address. */
export function visit(address: string) {
  const queryClient = createQueryClient();
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createAppRouter(queryClient, history);
  const app = render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { router, queryClient, ...app };
}
