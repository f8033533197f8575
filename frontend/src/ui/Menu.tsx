// A button that opens a short list of things to do.

import { Menu as Base } from '@base-ui/react/menu';
import clsx from 'clsx';
import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { overlayRoot } from './overlayRoot';

export type MenuItem = { label: string; onSelect: () => void; kind?: 'plain' | 'danger'; disabled?: boolean };

type MenuProps = {
  /** What the list is about, for those who do not see where it stands. */
  label: string;
  items: MenuItem[];
  /** What is on the button instead of three dots. */
  children?: ReactNode;
};

const DOTS = 'grid size-9 place-items-center rounded-full';
const WORDS = 'flex h-10 items-center gap-2 rounded-full px-3 text-sm font-medium';

export function Menu({ label, items, children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger
        aria-label={label}
        className={clsx(
          'shrink-0 text-soft transition duration-150 hover:bg-wash hover:text-ink data-popup-open:bg-wash data-popup-open:text-ink',
          children ? WORDS : DOTS,
        )}
      >
        {children ?? <Ellipsis aria-hidden="true" className="size-5" />}
      </Base.Trigger>
      <Base.Portal container={overlayRoot}>
        <Base.Positioner align="end" sideOffset={6} className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            className="min-w-48 origin-(--transform-origin) rounded-xl border border-line bg-white p-1.5 outline-none transition duration-150 ease-out data-ending-style:opacity-0 data-starting-style:scale-95 data-starting-style:opacity-0"
          >
            {items.map((item) => (
              <Base.Item
                key={item.label}
                disabled={item.disabled}
                onClick={item.onSelect}
                className={clsx(
                  'flex h-10 cursor-pointer items-center rounded-lg px-3 text-sm outline-none select-none data-disabled:cursor-default data-disabled:opacity-45 data-highlighted:bg-wash',
                  item.kind === 'danger' && 'text-bad',
                )}
              >
                {item.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
