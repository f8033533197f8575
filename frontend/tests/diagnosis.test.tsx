// Why a site is slow or broken: causes with their claims, each leading to its rows; all facts below; and a healthy site.

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import AnyCard from '@/routes/AnyCard';
import { type Fake, openStage, showLinked, signIn, visit } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0 });
  await signIn(fake);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.world.tenants = [];
});

it('leads from the overview to the likely cause, and from each claim to its rows', async () => {
  fake.world.createSite('Sunrise Bakery');
  visit('/sites/sunrise-bakery');
  await userEvent.click(await screen.findByRole('link', { name: 'Why is it slow?' }));
  const card = within(await screen.findByRole('group', { name: 'What is wrong with sunrise-bakery' }));
  expect(card.getByRole('heading', { name: 'A plugin or theme breaks with a fatal error.' })).toBeTruthy();
  expect(card.getByText(/Certain/)).toBeTruthy();
  expect(card.getByText(/Switch it off in the site’s admin/)).toBeTruthy();
  const [rows] = card.getAllByRole('link', { name: 'Rows of Fatal error fatal-1' });
  const address = new URL(rows?.getAttribute('href') ?? '', 'http://localhost');
  expect(address.pathname).toBe('/sites/sunrise-bakery/logs');
  expect(address.searchParams.get('source')).toBe('php');
});

it('keeps what was seen behind one summary, oldest first', async () => {
  fake.world.createSite('Sunrise Bakery');
  visit('/sites/sunrise-bakery/diagnosis');
  await userEvent.click(await screen.findByText('All that was seen (3)'));
  const seen = screen.getAllByRole('listitem').map((one) => one.textContent ?? '');
  const places = ['Requests', 'Change', 'Fatal error'].map((name) =>
    seen.findIndex((text) => text.includes(`${name} `)),
  );
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

it('says that nothing is wrong, and what it could not look at', async () => {
  fake.world.createSite('Quiet');
  visit('/sites/quiet/diagnosis');
  expect(await screen.findByText(/Nothing wrong was found: of 40 requests, 0 failed\./)).toBeTruthy();
  expect(screen.getByText('Could not be looked at just now: connections.')).toBeTruthy();
});

it('is a card of an answer, of the time the answer was about', async () => {
  fake.world.createSite('Sunrise Bakery');
  const data = {
    tenant: 'sunrise-bakery',
    environment: '0123456789ab',
    since: '2026-11-20T11:00:00Z',
    until: '2026-11-20T12:00:00Z',
  };
  const part = { type: 'data-diagnosis' as const, id: 'sunrise-bakery', data };
  showLinked(<AnyCard part={part} place={{ isNewest: true, isFresh: true }} />);
  expect(await screen.findByRole('group', { name: 'What is wrong with sunrise-bakery' })).toBeTruthy();
  expect(screen.getAllByText(/20 Nov|Nov 20/).length).toBeGreaterThan(0);
});
