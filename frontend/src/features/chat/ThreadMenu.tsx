// What can be done with a conversation as a whole: rename it, share it, delete it.

import { lazy, Suspense, useState } from 'react';
import { ForgetThread } from './ForgetThread';
import { ShareThread } from './ShareThread';

/** Fetched after what it stands beside: the list must not wait for it. */
const Menu = lazy(async () => ({ default: (await import('@/ui/Menu')).Menu }));

export type KeptThread = { id: string; title: string; shared_at: string | null };

type ThreadMenuProps = {
  thread: KeptThread;
  onRename: () => void;
  onShared?: (since: string | null) => void;
  onForgotten?: () => void;
};

export function ThreadMenu({ thread, onRename, onShared, onForgotten }: ThreadMenuProps) {
  const [asked, setAsked] = useState<'share' | 'forget' | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      {thread.shared_at && <span className="shrink-0 text-sm text-soft">Shared</span>}
      <Suspense fallback={<span className="size-9 shrink-0" />}>
        <Menu
          label={`More about ${thread.title || 'this conversation'}`}
          items={[
            { label: 'Rename', onSelect: onRename },
            { label: 'Share…', onSelect: () => setAsked('share') },
            { label: 'Delete…', onSelect: () => setAsked('forget'), kind: 'danger' },
          ]}
        />
      </Suspense>
      <ShareThread thread={thread} open={asked === 'share'} onClose={close} onShared={onShared} />
      <ForgetThread thread={thread} open={asked === 'forget'} onClose={close} onForgotten={onForgotten} />
    </>
  );
}
