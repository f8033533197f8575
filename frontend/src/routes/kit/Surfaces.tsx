// What holds other things: cards, timelines, tables, a list of pages.

import { House, LayoutGrid } from 'lucide-react';
import { Button } from '@/ui/Button';
import { Card, CardSkeleton } from '@/ui/Card';
import { type Column, DataTable } from '@/ui/DataTable';
import { SidebarNav } from '@/ui/SidebarNav';
import { Status } from '@/ui/Status';
import { StepTimeline } from '@/ui/StepTimeline';
import { Section } from './Section';

const STEPS = [
  { key: 'a', label: 'Keys and passwords', state: 'done' as const, started_at: at(0), ended_at: at(40), p50: 0.1 },
  { key: 'b', label: 'WordPress', state: 'failed' as const, started_at: at(40), ended_at: at(900), p50: 0.4 },
  { key: 'c', label: 'Address', state: 'waiting' as const, started_at: null, ended_at: null, p50: 0.2 },
];

function at(ms: number): string {
  return new Date(Date.UTC(2026, 10, 24, 9) + ms).toISOString();
}

export function Cards() {
  return (
    <Section name="Cards">
      <Card heading="Renamed to Sunrise Bakery" aside={<Button>Undo</Button>}>
        <p className="mt-2 text-sm text-soft">It was “Bakery” before. Can be undone for 14 min.</p>
      </Card>
      <Card tone="bad" heading="Sunrise Bakery could not be created" aside={<Status tone="bad" word="Did not work" />}>
        <div className="mt-5">
          <StepTimeline steps={STEPS} />
        </div>
      </Card>
      <CardSkeleton label="Loading" />
      <SidebarNav
        label="Parts of the kit"
        items={[
          { to: '/', label: 'Overview', icon: House, exact: true },
          { to: '/sites', label: 'Sites', icon: LayoutGrid },
        ]}
      />
    </Section>
  );
}

type Person = { id: string; email: string; role: string; sites: number };
const PEOPLE: Person[] = [
  { id: '1', email: 'ada@example.com', role: 'Admin', sites: 12 },
  { id: '2', email: 'grace.hopper.of.a.very.long.address@navy.example.com', role: 'Tenant', sites: 0 },
];
const COLUMNS: Column<Person>[] = [
  {
    key: 'email',
    header: 'E-mail',
    cell: ({ email }) => <span className="block max-w-80 truncate font-medium">{email}</span>,
  },
  { key: 'role', header: 'Role', cell: ({ role }) => role },
  { key: 'sites', header: 'Sites', cell: ({ sites }) => sites, align: 'right' },
];

export function Tables() {
  const table = { columns: COLUMNS, rowKey: ({ id }: Person) => id, empty: null };
  return (
    <Section name="Tables">
      <DataTable
        {...table}
        label="People"
        rows={PEOPLE}
        isLoading={false}
        rowMenu={({ email }) => ({
          label: `Actions for ${email}`,
          items: [{ label: 'Suspend', onSelect: () => undefined }],
        })}
        more={{ isBusy: false, onMore: () => undefined }}
      />
      <DataTable {...table} label="People who are on their way" rows={undefined} isLoading />
    </Section>
  );
}
