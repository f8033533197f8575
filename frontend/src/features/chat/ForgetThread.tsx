// Deleting a conversation is asked once more: what was said in it does not come back. Sites and plans are not touched.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { forgetThread } from '@/api/chat/keeping';
import { sentenceOf } from '@/api/problem';
import { toast } from '@/lib/toast';
import { Button } from '@/ui/Button';
import { LazyModal } from '@/ui/LazyModal';
import type { KeptThread } from './ThreadMenu';

type ForgetThreadProps = {
  thread: KeptThread;
  open: boolean;
  onClose: () => void;
  onForgotten?: (() => void) | undefined;
};

export function ForgetThread({ thread, open, onClose, onForgotten }: ForgetThreadProps) {
  const queryClient = useQueryClient();
  const forgetting = useMutation({
    mutationFn: () => forgetThread(thread.id),
    onSuccess: () => {
      toast({ title: 'The conversation is deleted.' });
      void queryClient.invalidateQueries({ queryKey: ['threads'] });
      onClose();
      onForgotten?.();
    },
  });
  return (
    <LazyModal
      open={open}
      onClose={onClose}
      title="Delete this conversation?"
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger" busy={forgetting.isPending} onClick={() => forgetting.mutate()}>
            Delete
          </Button>
        </>
      }
    >
      <p className="text-sm text-soft">
        What was said in “{thread.title || 'Untitled'}” is gone then, for good
        {thread.shared_at && ', and its link shows nothing any more'}. Your sites stay as they are.
      </p>
      {forgetting.error && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {sentenceOf(forgetting.error)}
        </p>
      )}
    </LazyModal>
  );
}
