// Asks for an e-mail address and says where the link went. Who sends it is the caller's choice.

import { MailCheck } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';
import { whyNot } from './door';

type LinkFormProps = {
  /** Answers where it went. */
  send: (email: string) => Promise<string>;
  hint: string;
  back?: (() => void) | undefined;
};

export function LinkForm({ send, hint, back }: LinkFormProps) {
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo) return <LinkSent to={sentTo} hint={hint} again={() => setSentTo(null)} />;
  return (
    <AddressForm
      title="Sign in"
      words="We send you a link. No password to remember."
      label="Send me a link"
      deed={async (email) => setSentTo(await send(email))}
      hasFocus={back !== undefined}
    >
      {back && <AnotherWay back={back} />}
    </AddressForm>
  );
}

/** A link was opened in another browser than the one that asked for it: only its person knows the address. */
export function AskForAddress({ onGiven, back }: { onGiven: (email: string) => Promise<void>; back: () => void }) {
  return (
    <AddressForm
      title="Almost there"
      words="Which address did we send this link to?"
      label="Sign in"
      deed={onGiven}
      hasFocus
    >
      <AnotherWay back={back} />
    </AddressForm>
  );
}

function AnotherWay({ back }: { back: () => void }) {
  return (
    <Button kind="quiet" className="h-12" onClick={back}>
      Sign in another way
    </Button>
  );
}

type AddressFormProps = {
  title: string;
  words: string;
  label: string;
  deed: (email: string) => Promise<void>;
  hasFocus: boolean;
  children?: ReactNode;
};

function AddressForm({ title, words, label, deed, hasFocus, children }: AddressFormProps) {
  const [email, setEmail] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (hasFocus) form.current?.querySelector('input')?.focus();
  }, [hasFocus]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await deed(email.trim());
    } catch (refusal) {
      setError(whyNot(refusal) ?? undefined);
      setBusy(false);
    }
  }

  return (
    <form ref={form} onSubmit={submit} className="grid animate-rise gap-6">
      <div>
        <h1 className="text-3xl font-semibold tracking-tight">{title}</h1>
        <p className="mt-2 text-soft">{words}</p>
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
      <div className="grid gap-3">
        <Button kind="primary" type="submit" busy={isBusy} className="h-12">
          {label}
        </Button>
        {children}
      </div>
    </form>
  );
}

function LinkSent({ to, hint, again }: { to: string; hint: string; again: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="animate-rise">
      <MailCheck aria-hidden="true" className="size-8 text-accent" strokeWidth={1.5} />
      <h1 ref={heading} tabIndex={-1} className="mt-4 rounded-sm text-3xl font-semibold tracking-tight">
        We sent a link
      </h1>
      <p className="mt-2 text-soft">
        It is for <strong className="font-medium text-ink">{to}</strong>. {hint}
      </p>
      <Button kind="secondary" className="mt-6" onClick={again}>
        Use another address
      </Button>
    </div>
  );
}
