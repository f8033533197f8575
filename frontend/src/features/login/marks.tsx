// The marks on the sign-in buttons, drawn by ourselves: nothing is fetched from those they stand for.

import { Mail } from 'lucide-react';
import type { Way } from './door';

export function Mark({ way }: { way: Way }) {
  if (way === 'email-link') return <Mail aria-hidden="true" className="size-5" strokeWidth={1.75} />;
  const Drawing = DRAWINGS[way];
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className="size-5">
      <Drawing />
    </svg>
  );
}

/** A ring in four parts, and the bar that makes it a G. */
function Google() {
  return (
    <g fill="none" strokeWidth="4">
      <path stroke="#ea4335" d="M5.07 8A8 8 0 0 1 17.66 6.34" />
      <path stroke="#fbbc05" d="M5.07 16A8 8 0 0 1 5.07 8" />
      <path stroke="#34a853" d="M17.14 18.13A8 8 0 0 1 5.07 16" />
      <path stroke="#4285f4" d="M12.2 12H20A8 8 0 0 1 17.14 18.13" />
    </g>
  );
}

function Apple() {
  return (
    <g fill="currentColor" transform="translate(-3 -3.4) scale(1.25)">
      <path d="M16.6 12.7c0-2 1.6-3 1.7-3.1-.9-1.4-2.4-1.6-2.9-1.6-1.2-.1-2.4.8-3 .8s-1.6-.7-2.6-.7c-1.4 0-2.6.8-3.3 2-1.4 2.5-.4 6.1 1 8.1.7 1 1.5 2.1 2.5 2 1 0 1.4-.6 2.6-.6s1.6.6 2.7.6 1.8-1 2.5-2c.7-1.1 1-2.2 1.1-2.3-.1 0-2.3-.8-2.3-3.2Z" />
      <path d="M14.6 6.6c.5-.7.9-1.6.8-2.6-.8 0-1.8.6-2.4 1.2-.5.6-1 1.6-.8 2.5.9.1 1.8-.4 2.4-1.1Z" />
    </g>
  );
}

/** A round cat: ears, cheeks, and a tail to one side. */
function GitHub() {
  return (
    <>
      <circle cx="12" cy="12" r="10" fill="currentColor" />
      <path
        fill="#fff"
        d="M9.4 21.7v-2.4c-2.9.6-3.5-1.3-3.9-1.9-.2-.4-.7-.8-1.1-1 .4-.3 1.3-.3 1.9.6.7 1.1 1.7 1.2 3.1.8.1-.7.4-1.2.7-1.5-2.4-.3-4.6-1.3-4.6-4.9 0-1 .4-1.9 1-2.6-.2-.7-.2-1.7.2-2.7 1 0 1.9.5 2.7 1.1a9.2 9.2 0 0 1 5.2 0c.8-.6 1.7-1.1 2.7-1.1.4 1 .4 2 .2 2.7.6.7 1 1.6 1 2.6 0 3.6-2.2 4.6-4.6 4.9.4.4.8 1.1.8 2.1v3.3Z"
      />
    </>
  );
}

const DRAWINGS = { google: Google, apple: Apple, github: GitHub };
