// Buttons, and links that look like them. A busy button keeps its width and its place in the tab order.

import clsx from 'clsx';
import type { AnchorHTMLAttributes, ComponentProps } from 'react';
import { LoadingSpinner } from './LoadingSpinner';

export type Kind = 'primary' | 'secondary' | 'quiet' | 'danger';

const KINDS: Record<Kind, string> = {
  primary: 'bg-ink text-white hover:bg-ink/85 active:bg-ink/75',
  secondary: 'border border-line bg-white text-ink hover:border-ink/30 hover:bg-wash active:bg-line/60',
  quiet: 'text-soft hover:bg-wash hover:text-ink active:bg-line/60',
  danger: 'bg-bad text-white hover:bg-bad/90 active:bg-bad/80',
};

export function buttonLook(kind: Kind, className?: string): string {
  return clsx(
    'relative inline-flex h-10 shrink-0 items-center justify-center gap-2 rounded-full px-4 text-sm font-medium whitespace-nowrap',
    'transition duration-150 ease-out active:scale-[0.985] disabled:pointer-events-none disabled:opacity-45',
    KINDS[kind],
    className,
  );
}

type ButtonProps = ComponentProps<'button'> & { kind?: Kind; busy?: boolean };

export function Button({ kind = 'secondary', busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy}
      className={buttonLook(kind, className)}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      <span className={clsx('inline-flex items-center gap-2', busy && 'opacity-0')}>{children}</span>
      {busy && (
        <span className="absolute inset-0 grid place-items-center">
          <LoadingSpinner />
        </span>
      )}
    </button>
  );
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { kind?: Kind };

/** Leaves the app: always a new tab, which learns nothing of this one. */
export function OutsideLink({ kind = 'secondary', className, children, ...rest }: LinkProps) {
  return (
    <a target="_blank" rel="noopener noreferrer" className={buttonLook(kind, className)} {...rest}>
      {children}
    </a>
  );
}
