// Every component of `ui/`, in each of its states, under one roof.

import { Announcer } from '@/ui/Announcer';
import { Toaster } from '@/ui/Toaster';
import { Buttons, Feedback, Overlays } from './Actions';
import { Fields } from './Fields';
import { Answers, Logs, Numbers } from './Figures';
import { Cards, Tables } from './Surfaces';

export function Kit() {
  return (
    <>
      <main className="mx-auto max-w-[1040px] px-4 py-10 sm:px-6">
        <h1 className="text-3xl font-semibold tracking-tight">Kit</h1>
        <p className="mt-2 text-soft">Every component, in each of its states.</p>
        <Buttons />
        <Fields />
        <Overlays />
        <Feedback />
        <Cards />
        <Tables />
        <Numbers />
        <Answers />
        <Logs />
      </main>
      <Toaster />
      <Announcer />
    </>
  );
}
