// The page of a site's own domains: adding one, what to set and what is found, checking, and letting go.

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
  fake.world.access = 'owner';
});
afterEach(() => toasts.set([]));

async function added(domain: string) {
  fake.world.createSite('Blog');
  await waitFor(() => expect(fake.world.stateOf(fake.world.tenants[0])).toBe('live'));
  const seen = visit('/sites/blog/domains');
  await userEvent.type(await screen.findByLabelText('Your domain'), domain);
  await userEvent.click(screen.getByRole('button', { name: 'Add domain' }));
  return seen;
}

it('shows the records to set, and what is found of each once it was looked at', async () => {
  await added('www.example.com');
  const card = within(await screen.findByRole('article', { name: 'www.example.com' }));
  expect(card.getByText('Waits for its proof')).toBeTruthy();
  expect(card.getByText('_aipress.www.example.com')).toBeTruthy();
  expect(card.getByText('aipress-site=4711')).toBeTruthy();
  expect(card.getAllByText('Not there yet')).toHaveLength(2);
  expect(card.getByRole('button', { name: 'Copy the TXT value' })).toBeTruthy();
  await userEvent.click(card.getByRole('button', { name: 'Check now' }));
  expect(await card.findByText(/^Looked at/)).toBeTruthy();
  await userEvent.click(card.getByRole('button', { name: 'Check now' }));
  expect(await card.findByText('Connected')).toBeTruthy();
  expect(card.getAllByText('Found')).toHaveLength(2);
});

it('says why a domain is refused, and keeps what was typed', async () => {
  await added('*.example.com');
  expect(await screen.findByText(/A star stands for many names/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Your domain').value).toBe('*.example.com');
  expect(screen.queryByRole('article')).toBeNull();
});

it('lets a domain go after asking', async () => {
  await added('old.example.com');
  await userEvent.click(await screen.findByRole('button', { name: 'Remove old.example.com' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Remove old.example.com?' }));
  await userEvent.click(dialog.getByRole('button', { name: 'Remove domain' }));
  await waitFor(() => expect(screen.queryByRole('article')).toBeNull());
  expect(await screen.findByText('No domain of your own')).toBeTruthy();
});
