// The pages of costs: a site's budget set, changed and taken away by whoever may; all budgets on the admins' page.

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { toasts } from '@/lib/toast';
import { type Fake, openStage, signIn, visit } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0 });
  await signIn(fake);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.world.tenants = [];
  fake.world.operations.clear();
  fake.world.role = 'tenant';
  fake.world.access = 'owner';
});
afterEach(() => toasts.set([]));

const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }));

it('sets a budget, says what is spent of it, and takes it away', async () => {
  fake.world.createSite('Sunrise Bakery');
  visit('/sites/sunrise-bakery/costs');
  expect(await screen.findByText(/There is none/)).toBeTruthy();
  await press('Set a budget');
  const amount = await screen.findByLabelText('Budget a month, in USD');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true);
  await userEvent.type(amount, '20,50');
  const parts = screen.getByLabelText('Tell the owner at');
  await userEvent.clear(parts);
  await userEvent.type(parts, '0');
  expect(screen.getByText(/Up to five whole numbers/)).toBeTruthy();
  await userEvent.clear(parts);
  await userEvent.type(parts, '20 %, 80');
  await press('Save');
  expect(await screen.findByText('22 % of $20.50 a month is spent. Mail goes out at 80 %.')).toBeTruthy();
  await press('Change the budget');
  await press('Remove');
  expect(await screen.findByText(/There is none/)).toBeTruthy();
});

it('says what the control plane refuses, and keeps what was typed', async () => {
  fake.world.createSite('Sunrise Bakery');
  visit('/sites/sunrise-bakery/costs');
  await press('Set a budget');
  await userEvent.type(await screen.findByLabelText('Budget a month, in USD'), '0');
  await press('Save');
  expect((await screen.findByRole('alert')).textContent).toMatch(/more than 0/);
  expect(screen.getByLabelText<HTMLInputElement>('Budget a month, in USD').value).toBe('0');
});

it('lets who shares a site read its budget and not set it', async () => {
  fake.world.createSite('Sunrise Bakery');
  fake.world.access = 'member';
  visit('/sites/sunrise-bakery/costs');
  expect(await screen.findByText(/There is none/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Set a budget' })).toBeNull();
});

it('says what could cost less with the saving, and on what that rests', async () => {
  fake.world.createSite('Sunrise Bakery');
  visit('/sites/sunrise-bakery/costs');
  const card = await screen.findByRole('group', { name: 'What could cost less on Sunrise Bakery' });
  expect(within(card).getByText('Changing to basic saves $9.00 a month.')).toBeTruthy();
  await userEvent.click(within(card).getByText('How do we know?'));
  expect(within(card).getByText('200 MB')).toBeTruthy();
});

it('says why there is no advice', async () => {
  fake.world.createSite('Quiet');
  visit('/sites/quiet/costs');
  expect(await screen.findByText('What it uses and what it pays for fit each other.')).toBeTruthy();
});

it('shows admins where the platform could spend less, and which promises would have paid', async () => {
  fake.world.role = 'admin';
  fake.world.createSite('Sunrise Bakery');
  visit('/admin/costs');
  expect(await screen.findByText('$9.00 a month in all.')).toBeTruthy();
  const promises = await screen.findByRole('table', { name: 'Commitments that would have paid' });
  expect(within(promises).getByText('$156.00')).toBeTruthy();
});

it('shows admins every budget, and sets that of the site they choose', async () => {
  fake.world.role = 'admin';
  fake.world.createSite('Sunrise Bakery');
  visit('/admin/costs');
  await userEvent.selectOptions(await screen.findByLabelText('Set the budget of'), 'sunrise-bakery');
  await press('Set a budget');
  await userEvent.type(await screen.findByLabelText('Budget a month, in USD'), '10');
  await press('Save');
  const table = await screen.findByRole('table', { name: 'Budgets' });
  await waitFor(() => expect(within(table).getByText('46 %')).toBeTruthy());
});
