// The keys there are, for whoever presses ?.

import { Modal } from '@/ui/Modal';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const MOD = isMac ? '⌘' : 'Ctrl';
const KEYS: [keys: string[], what: string][] = [
  [[MOD, 'K'], 'Find a page, a site, something to do, or ask'],
  [['/'], 'Write a message'],
  [['Enter'], 'Send it; Shift and Enter make a new line'],
  [[MOD, '.'], 'Stop the answer'],
  [['j'], 'Next message'],
  [['k'], 'Previous message'],
  [['g', 'c'], 'Go to chat'],
  [['g', 's'], 'Go to sites'],
  [['g', 'a'], 'Go to activity'],
  [['?'], 'This list'],
];

export default function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Modal open onClose={onClose} title="Keys">
      <dl className="grid gap-1 text-sm">
        {KEYS.map(([keys, what]) => (
          <div key={what} className="flex min-h-9 items-center justify-between gap-4">
            <dt className="order-2 flex shrink-0 gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="grid h-7 min-w-7 place-items-center rounded-md border border-line bg-wash px-2 font-sans text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="order-1">{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
