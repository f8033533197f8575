// Asks for an e-mail address and says where the link went.

import { MailCheck } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { sendSignInLink } from '@/api/commands';
import { sentenceOf } from '@/api/problem';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';

export function LinkForm() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  return sentTo ? <LinkSent to={sentTo} again={() => setSentTo(null)} /> : <AskForLink onSent={setSentTo} />;
}

function AskForLink({ onSent }: { onSent: (address: string) => void }) {
  const [email, setEmail] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      onSent(await sendSignInLink(email.trim()));
    } catch (refusal) {
      setError(sentenceOf(refusal));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submit} className="grid animate-rise gap-6">
      <div>
        <h1 className="text-3xl font-semibold tracking-tight">Sign in</h1>
        <p className="mt-2 text-soft">We send you a link. No password to remember.</p>
      </div>
      <TextInput
        label="E-mail"
        type="email"
        name="email"
        autoComplete="email"
        placeholder="you@example.com"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={error}
      />
      <Button kind="primary" type="submit" busy={isBusy} className="h-12">
        Send me a link
      </Button>
    </form>
  );
}

function LinkSent({ to, again }: { to: string; again: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="animate-rise">
      <MailCheck aria-hidden="true" className="size-8 text-accent" strokeWidth={1.5} />
      <h1 ref={heading} tabIndex={-1} className="mt-4 rounded-sm text-3xl font-semibold tracking-tight">
        We sent a link
      </h1>
      <p className="mt-2 text-soft">
        It is for <strong className="font-medium text-ink">{to}</strong>. On your own machine, look in the terminal or
        the outbox.
      </p>
      <Button kind="secondary" className="mt-6" onClick={again}>
        Use another address
      </Button>
    </div>
  );
}
