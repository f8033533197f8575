// The design system on a page of its own, `/kit`: what people look at while they change it, and axe and screenshots in the tests.

import './ui/theme.css';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Kit } from './routes/kit/Kit';

const root = createRootRoute({ component: Kit });
const routeTree = root.addChildren(
  ['/', '/sites'].map((path) => createRoute({ getParentRoute: () => root, path, component: () => null })),
);
const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: ['/'] }) });

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
