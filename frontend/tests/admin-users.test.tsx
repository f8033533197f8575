// People in the hands of an admin: who is listed, who comes in, what a role costs to change, why somebody stays.

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserForm } from '@/features/admin/UserForm';
import { UserTable } from '@/features/admin/UserTable';
import { UserView } from '@/features/admin/UserView';
import { toasts } from '@/lib/toast';
import { type Fake, openStage, show, signIn } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage();
  await signIn(fake);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.world.role = 'admin';
  fake.world.office.people = [];
  toasts.set([]);
});

/** Dialogs ignore a press that comes as they open. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 450));
const said = () => toasts.get().map(({ title }) => title);

describe('the table', () => {
  const table = (filters = {}) => (
    <UserTable
      filters={filters}
      linkUser={({ name }) => <a href="#there">{name}</a>}
      onOpen={() => undefined}
      empty={<p>Nobody matches</p>}
    />
  );

  it('says who somebody is, what they may do, and when they were here', async () => {
    const last_seen_at = new Date(Date.now() - 3 * 3_600_000).toISOString();
    fake.world.office.addPerson('ada@example.com', { name: 'Ada', role: 'admin', sites: 3, last_seen_at });
    fake.world.office.addPerson('mallory@example.com', { state: 'suspended' });
    show(table());
    const rows = within(await screen.findByRole('table', { name: 'Users' })).getAllByRole('row');
    expect(rows.map((row) => row.textContent)).toEqual([
      'PersonRoleStateSitesLast seen',
      'mallorymallory@example.comTenantSuspended0Never',
      'Adaada@example.comAdminActive33 h ago',
    ]);
  });

  it('lists only whom the filters let through', async () => {
    fake.world.office.addPerson('ada@example.com', { role: 'admin' });
    fake.world.office.addPerson('bob@example.com');
    show(table({ q: 'example', role: 'admin' }));
    await screen.findByText('ada@example.com');
    expect(screen.queryByText('bob@example.com')).toBeNull();
  });

  it('says that nobody matches, and what to do when nobody may look', async () => {
    show(table({ q: 'nobody' }));
    await screen.findByText('Nobody matches');
    fake.world.role = 'tenant';
    show(table());
    const alarm = await screen.findByRole('alert');
    within(alarm).getByText('Users cannot be shown right now.');
    fake.world.role = 'admin';
    fake.world.office.addPerson('ada@example.com');
    await userEvent.click(within(alarm).getByRole('button', { name: 'Try again' }));
    await screen.findByText('ada@example.com');
  });
});

describe('a new person', () => {
  it('is added with a role, and shown', async () => {
    const added = vi.fn();
    show(<UserForm open onClose={() => undefined} onAdded={added} />);
    await userEvent.type(screen.getByLabelText('E-mail address'), 'bob@example.com');
    await userEvent.selectOptions(screen.getByLabelText('Role'), 'Admin');
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    await vi.waitFor(() => expect(added).toHaveBeenCalledOnce());
    expect(fake.world.office.people).toMatchObject([{ email: 'bob@example.com', role: 'admin' }]);
    expect(said()).toEqual(['bob@example.com can sign in now']);
  });

  it('who is here already is refused where the address stands', async () => {
    fake.world.office.addPerson('bob@example.com');
    show(<UserForm open onClose={() => undefined} onAdded={() => undefined} />);
    await userEvent.type(screen.getByLabelText('E-mail address'), 'bob@example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    await screen.findByText('bob@example.com is here already.');
    expect(screen.getByLabelText('E-mail address').getAttribute('aria-invalid')).toBe('true');
  });
});

describe('one person', () => {
  const view = (id: string, onRemoved = () => undefined) => (
    <UserView id={id} linkSite={({ name }) => name} missing={<p>Nobody here</p>} onRemoved={onRemoved} />
  );

  it('changes role only once their address is typed', async () => {
    const bob = fake.world.office.addPerson('bob@example.com');
    show(view(bob.id));
    await userEvent.click(await screen.findByRole('button', { name: 'Make an admin' }));
    const dialog = await screen.findByRole('dialog');
    const confirm = within(dialog).getByRole('button', { name: 'Make an admin' });
    expect(confirm).toHaveProperty('disabled', true);
    await settle();
    await userEvent.type(within(dialog).getByLabelText('Type bob@example.com to confirm'), 'bob@example.com');
    await userEvent.click(confirm);
    await screen.findByRole('button', { name: 'Make a tenant' });
    expect(bob.role).toBe('admin');
    expect(said()).toEqual(['bob@example.com is an admin now']);
  });

  it('who was changed by somebody else meanwhile is read anew, and not overwritten', async () => {
    const bob = fake.world.office.addPerson('bob@example.com', { name: 'Bob' });
    show(view(bob.id));
    const field = await screen.findByLabelText('Name');
    Object.assign(bob, { state: 'suspended', version: 2 });
    await userEvent.clear(field);
    await userEvent.type(field, 'Robert{Enter}');
    await screen.findByText('Somebody changed this person since you read them.');
    await screen.findByRole('button', { name: 'Reactivate' });
    expect(bob.name).toBe('Bob');
  });

  it('is suspended after a question, and reactivated without one', async () => {
    const bob = fake.world.office.addPerson('bob@example.com');
    show(view(bob.id));
    await userEvent.click(await screen.findByRole('button', { name: 'Suspend' }));
    const dialog = await screen.findByRole('dialog', { name: 'Suspend bob@example.com?' });
    expect(bob.state).toBe('active');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Suspend' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Reactivate' }));
    await screen.findByRole('button', { name: 'Suspend' });
    expect(bob.state).toBe('active');
  });

  it('is signed out everywhere by a press', async () => {
    const bob = fake.world.office.addPerson('bob@example.com', { sessions: 2 });
    show(view(bob.id));
    await screen.findByText('Signed in in 2 browsers');
    await userEvent.click(screen.getByRole('button', { name: 'End sessions' }));
    await screen.findByText('Not signed in anywhere');
  });

  it('who owns sites is not deleted, and the reason is read where it was asked', async () => {
    const tenants = [{ id: 'ten_1', slug: 'shop', name: 'Shop', access: 'owner' }];
    const bob = fake.world.office.addPerson('bob@example.com', { sites: 1, tenants });
    show(view(bob.id));
    await screen.findByText('Shop');
    await userEvent.click(screen.getByRole('button', { name: 'Delete this person' }));
    const dialog = await screen.findByRole('dialog');
    await settle();
    await userEvent.type(within(dialog).getByLabelText(/^Type/), 'bob@example.com{Enter}');
    await within(dialog).findByText('bob@example.com owns sites. Delete those first.');
    expect(fake.world.office.people).toHaveLength(1);
  });

  it('who does not exist is said to', async () => {
    show(view('usr_nobody'));
    await screen.findByText('Nobody here');
  });
});
