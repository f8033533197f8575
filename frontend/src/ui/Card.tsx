// The one surface of the app: white, 16 px corners, a line. Its heading names it, and can be given the focus. A group rather than a
// landmark: a conversation may hold several cards of one thing.

import clsx from 'clsx';
import { type ReactNode, type RefObject, useId } from 'react';

type CardProps = {
  heading: ReactNode;
  headingRef?: RefObject<HTMLHeadingElement | null> | undefined;
  aside?: ReactNode;
  tone?: 'plain' | 'bad';
  children?: ReactNode;
};

export function Card({ heading, headingRef, aside, tone = 'plain', children }: CardProps) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      role="group"
      aria-labelledby={id}
      className={clsx(
        'animate-rise rounded-card border p-5 sm:p-6',
        tone === 'bad' ? 'border-bad/25 bg-bad-wash' : 'border-line bg-white',
      )}
    >
      <div className="flex items-start justify-between gap-4">
        <h2
          id={id}
          ref={headingRef}
          tabIndex={-1}
          className="min-w-0 rounded-sm text-base font-semibold tracking-tight text-balance outline-offset-4"
        >
          {heading}
        </h2>
        {aside}
      </div>
      {children}
    </div>
  );
}

/** Holds a card's place until what it shows has arrived, without jumping. */
export function CardSkeleton({ label }: { label: string }) {
  return (
    <div role="img" aria-label={label} className="h-32 rounded-card border border-line p-6">
      <div className="h-4 w-40 rounded-full bg-wash" />
      <div className="mt-4 h-3 w-64 max-w-full rounded-full bg-wash" />
    </div>
  );
}
