// A new environment variable: its name, checked while it is typed, then its value, which is only ever written.

import { useState } from 'react';
import { sentenceOf } from '@/api/problem';
import type { Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { SecretInput } from '@/ui/SecretInput';
import { TextInput } from '@/ui/TextInput';
import { useSetting } from './useSecretWrites';

const NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

export function AddSecret({ site, taken }: { site: Tenant; taken: string[] }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <NewSecret site={site} taken={taken} onDone={() => setOpen(false)} />;
  return (
    <Button className="mt-4" onClick={() => setOpen(true)}>
      Add a variable
    </Button>
  );
}

function NewSecret({ site, taken, onDone }: { site: Tenant; taken: string[]; onDone: () => void }) {
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  const setting = useSetting(site, onDone);
  const complaint = complaintAbout(name, taken);

  async function save(value: string) {
    setMissing(name === '');
    if (name === '' || complaint) throw new Error('the name comes first');
    await setting.mutateAsync({ name, value });
  }

  return (
    <section
      aria-label="New environment variable"
      className="mt-4 grid max-w-xl gap-4 rounded-card border border-line p-5"
    >
      <TextInput
        label="Name"
        value={name}
        autoFocus
        onChange={(event) => setName(event.target.value.toUpperCase().replace(/[\s-]/g, '_'))}
        placeholder="STRIPE_API_KEY"
        autoComplete="off"
        spellCheck={false}
        error={isMissing && !name ? 'Give it a name first.' : complaint}
      />
      <SecretInput
        label="Value"
        lastFour={null}
        setAt={null}
        onSave={save}
        busy={setting.isPending}
        error={setting.error ? sentenceOf(setting.error) : undefined}
      />
      <div>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </section>
  );
}

function complaintAbout(name: string, taken: string[]): string | undefined {
  if (!name) return undefined;
  if (taken.includes(name)) return `${name} is set already. Replace it above.`;
  return NAME.test(name) ? undefined : 'A name begins with a letter and has A to Z, 0 to 9 and _, at most 64 of them.';
}
