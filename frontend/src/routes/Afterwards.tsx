// What every page has beside itself, and nobody misses in the first moment: what changes elsewhere, keys, what ⌘K opens, toasts.

import { useNavigate } from '@tanstack/react-router';
import { useEvents } from '@/api/useEvents';
import { UnderWay } from '@/features/operations/UnderWay';
import { type Opened, Shortcuts } from '@/features/palette/Shortcuts';
import { Toaster } from '@/ui/Toaster';

type AfterwardsProps = { open: Opened; onOpen: (what: Opened) => void };

export default function Afterwards(opened: AfterwardsProps) {
  useEvents();
  return (
    <>
      <Shortcuts {...opened} onAsk={useAsking()} />
      <UnderWay />
      <Toaster />
    </>
  );
}

/** Goes to the chat with something to say. The chat's code is there by then or comes now; the shell does not wait for it at the start. */
function useAsking() {
  const navigate = useNavigate();
  return async (text: string, send: boolean) => {
    const { beginConversation } = await import('@/features/chat/sessions');
    await navigate({ to: '/' });
    beginConversation(text, send);
  };
}
