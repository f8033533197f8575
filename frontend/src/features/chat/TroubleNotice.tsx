// An answer that failed, in words for people, with the one thing that helps.

import { goToSignIn } from '@/lib/page';
import { type Trouble, wordsFor } from '@/lib/words';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';

type TroubleNoticeProps = { trouble: Trouble; onRetry: (offline?: boolean) => void; onReload: () => void };

export function TroubleNotice({ trouble, onRetry, onReload }: TroubleNoticeProps) {
  const { title, advice, retry } = wordsFor(trouble);
  return (
    <Notice title={title} reference={trouble.ref} action={<WayOut {...{ trouble, retry, onRetry, onReload }} />}>
      {advice}
    </Notice>
  );
}

function WayOut({ trouble, retry, onRetry, onReload }: TroubleNoticeProps & { retry: boolean }) {
  if (retry) {
    return (
      <div className="flex gap-2">
        {trouble.offline && <Button onClick={() => onRetry(true)}>Answer offline</Button>}
        <Button onClick={() => onRetry()}>Retry</Button>
      </div>
    );
  }
  if (trouble.code === 'session_expired') return <Button onClick={goToSignIn}>Sign in</Button>;
  if (trouble.code === 'stale_conversation') return <Button onClick={onReload}>Reload</Button>;
  return null;
}
