// Alerts: on the site they are about, for admins with everything else, seen once seen, and told live; how an admin hears of them.

import { act, screen, waitFor, within } from '@testing-library/react';
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
  fake.world.alerts = [];
  fake.world.operations.clear();
  fake.world.role = 'tenant';
  fake.world.alertSettings = { by_mail: true, webhook: null };
});
afterEach(() => toasts.set([]));

const bakery = () => {
  fake.world.createSite('Sunrise Bakery');
  return fake.world.find('sunrise-bakery');
};
const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }));

it('shows what is wrong with a site and what was lately, and who has seen it', async () => {
  const site = bakery();
  const day = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  fake.world.addAlert(site, { title: 'Long over', state: 'closed', closed_at: day(3) });
  fake.world.addAlert(site, { title: 'Slow', state: 'closed', opened_at: day(0.2), closed_at: day(0.1) });
  fake.world.addAlert(site);
  visit('/sites/sunrise-bakery');
  const list = await screen.findByRole('region', { name: 'Alerts' });
  expect(within(list).getByText(/12 % of requests failed/)).toBeTruthy();
  expect(within(list).getByText(/It lasted 144 min/)).toBeTruthy();
  expect(within(list).queryByText('Long over')).toBeNull();
  await press('I have seen: Many errors');
  expect(await within(list).findByText(/Seen by ada@example.com/)).toBeTruthy();
  expect(within(list).queryByRole('button')).toBeNull();
});

it('shows nothing where nothing is wrong', async () => {
  fake.world.createSite('Sunrise Bakery');
  visit('/sites/sunrise-bakery');
  expect(await screen.findByRole('heading', { name: 'Latest' })).toBeTruthy();
  expect(screen.queryByRole('heading', { name: 'Alerts' })).toBeNull();
});

it('shows admins everything that is open, of sites and of the machine', async () => {
  fake.world.role = 'admin';
  fake.world.addAlert(bakery());
  fake.world.addAlert(null, { title: 'The machine’s disk is nearly full' });
  visit('/admin');
  const list = await screen.findByRole('region', { name: 'Alerts' });
  expect(within(list).getByRole('link', { name: 'Sunrise Bakery' }).getAttribute('href')).toBe(
    '/admin/tenants/sunrise-bakery',
  );
  expect(within(list).getByText(/This machine/)).toBeTruthy();
});

it('reads them again when one is told', async () => {
  const site = bakery();
  const { queryClient } = visit('/sites/sunrise-bakery');
  await screen.findByRole('heading', { name: 'Latest' });
  fake.world.addAlert(site);
  await act(() => queryClient.invalidateQueries({ queryKey: ['alerts'] }));
  expect(await screen.findByRole('region', { name: 'Alerts' })).toBeTruthy();
});

it('lets an admin choose how to hear of them, and never shows the address or the secret again', async () => {
  fake.world.role = 'admin';
  visit('/admin');
  await press('How you hear of them');
  await userEvent.click(await screen.findByLabelText('Mail me the machine’s own alerts'));
  await userEvent.type(screen.getByLabelText('Webhook'), 'http://hooks.example.com/path');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true);
  await userEvent.type(screen.getByLabelText('Secret to sign with'), 'a-long-random-secret');
  await press('Save');
  expect((await screen.findByRole('alert')).textContent).toMatch(/begins with https/);
  await userEvent.clear(screen.getByLabelText('Webhook'));
  await userEvent.type(screen.getByLabelText('Webhook'), 'https://hooks.example.com/path');
  await press('Save');
  await waitFor(() => expect(fake.world.alertSettings.by_mail).toBe(false));
  await press('How you hear of them');
  expect(await screen.findByText(/Every alert goes to hooks.example.com/)).toBeTruthy();
  expect(document.body.innerHTML).not.toContain('a-long-random-secret');
  await press('Remove the webhook');
  await waitFor(() => expect(fake.world.alertSettings.webhook).toBeNull());
});
