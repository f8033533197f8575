// The question above the composer of the home page. What stands below it (StartingPoints) comes after the first paint.

import { lazy, Suspense } from 'react';
import type { Chosen } from './StartingPoints';

export function Welcome() {
  return (
    <div className="mx-auto flex w-full max-w-[752px] flex-1 flex-col justify-end px-4 pt-12 pb-8 text-center">
      <h1 className="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">What should we build?</h1>
      <p className="mt-4 text-base text-soft text-balance">Say it in a sentence. You get a real WordPress site.</p>
    </div>
  );
}

const Points = lazy(() => import('./StartingPoints'));

export function StartingPoints(chosen: Chosen) {
  return (
    <div className="mx-auto flex w-full max-w-[752px] flex-[1.4] flex-col gap-10 px-4 pb-12">
      <Suspense>
        <Points {...chosen} />
      </Suspense>
    </div>
  );
}
