// What is filled in.

import { useState } from 'react';
import { SecretInput } from '@/ui/SecretInput';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { Section } from './Section';

const ROLES = [
  { value: 'tenant', label: 'Tenant' },
  { value: 'admin', label: 'Admin' },
] as const;

export function Fields() {
  const [role, setRole] = useState<'tenant' | 'admin'>('tenant');
  const keep = () => Promise.resolve();
  return (
    <Section name="Fields">
      <div className="grid gap-5 sm:grid-cols-2">
        <TextInput label="Name" placeholder="Sunrise Bakery" hint="At most 80 characters." />
        <TextInput label="Address" defaultValue="bakery" error="The address “bakery” is taken. Choose another." />
        <Select label="Role" value={role} options={ROLES} onChange={setRole} />
        <Select label="Filter by role" isQuiet value={role} options={ROLES} onChange={setRole} />
        <SecretInput label="STRIPE_KEY" lastFour="f00d" setAt="2026-11-01T09:00:00Z" onSave={keep} busy={false} />
        <SecretInput label="NEW_KEY" lastFour={null} setAt={null} onSave={keep} busy={false} error="At most 8 KiB." />
      </div>
    </Section>
  );
}
