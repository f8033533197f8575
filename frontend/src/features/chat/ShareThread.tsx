// Sharing a conversation: a link to what was said until now, to be copied while it is shown, and the way to stop.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { shareThread, unshareThread } from '@/api/chat/keeping';
import { sentenceOf } from '@/api/problem';
import { ago } from '@/lib/format';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';
import { LazyModal } from '@/ui/LazyModal';
import type { KeptThread } from './ThreadMenu';

type ShareThreadProps = {
  thread: KeptThread;
  open: boolean;
  onClose: () => void;
  onShared?: ((since: string | null) => void) | undefined;
};

export function ShareThread({ thread, open, onClose, onShared }: ShareThreadProps) {
  const { sharing, stopping } = useSharing(thread.id, onShared);
  const url = sharing.data?.url;
  const trouble = sharing.error ?? stopping.error;
  return (
    <LazyModal
      open={open}
      onClose={onClose}
      title="Share this conversation"
      footer={
        <>
          {thread.shared_at && (
            <Button busy={stopping.isPending} onClick={() => stopping.mutate()}>
              Stop sharing
            </Button>
          )}
          <Button kind={url ? 'secondary' : 'primary'} busy={sharing.isPending} onClick={() => sharing.mutate()}>
            {thread.shared_at ? 'Make a new link' : 'Make a link'}
          </Button>
        </>
      }
    >
      <p className="text-sm text-soft">
        Whoever has the link can read what was said until now, without signing in: the words, and no cards. What is said
        later stays yours.
      </p>
      <State sharedAt={thread.shared_at} url={url} />
      {trouble && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {sentenceOf(trouble)}
        </p>
      )}
    </LazyModal>
  );
}

function State({ sharedAt, url }: { sharedAt: string | null; url: string | undefined }) {
  if (!sharedAt) return <p className="mt-4 text-sm">It is not shared.</p>;
  if (!url) {
    return (
      <p className="mt-4 text-sm">
        It has been shared since {ago(sharedAt)}. Its link is not shown again; a new one takes its place.
      </p>
    );
  }
  return (
    <div className="mt-4 flex items-center gap-2 rounded-xl border border-line py-1 pr-1 pl-3">
      <label htmlFor="shared-link" className="sr-only">
        Link
      </label>
      <input
        id="shared-link"
        readOnly
        value={url}
        onFocus={(event) => event.target.select()}
        className="h-8 min-w-0 flex-1 truncate bg-transparent text-sm outline-none"
      />
      <CopyButton text={url} what="the link" />
    </div>
  );
}

function useSharing(id: string, onShared: (since: string | null) => void = () => undefined) {
  const queryClient = useQueryClient();
  const lookAgain = () => {
    for (const noun of ['threads', 'audit']) void queryClient.invalidateQueries({ queryKey: [noun] });
  };
  const sharing = useMutation({
    mutationFn: () => shareThread(id),
    onSuccess: ({ shared_at }) => onShared(shared_at),
    onSettled: lookAgain,
  });
  const stopping = useMutation({
    mutationFn: () => unshareThread(id),
    onSuccess: () => {
      sharing.reset();
      onShared(null);
      toast({ title: 'The link shows nothing any more.' });
    },
    onSettled: lookAgain,
  });
  return { sharing, stopping };
}
