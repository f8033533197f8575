// The page of metrics: what was measured, over a time in the address, with what was done meanwhile; and nothing where nothing was.

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Fake, openStage, signIn, visit } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0 });
  await signIn(fake);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.world.tenants = [];
});

it('draws what belongs together, says it in a sentence, and leaves out what was never measured', async () => {
  fake.world.createSite('Blog');
  visit('/sites/blog/metrics');
  const requests = within(await screen.findByRole('region', { name: 'Requests' }));
  expect(requests.getByText('Requests: 40, at most 60. Errors: 1, at most 1 in a step of 5 min.')).toBeTruthy();
  expect(screen.getByRole('region', { name: 'Memory' })).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'Cron delay' })).toBeNull();
  await userEvent.click(requests.getByRole('button', { name: 'Show as table' }));
  const rows = requests.getAllByRole('row');
  expect(rows).toHaveLength(25);
  expect(rows[8]?.textContent).toMatch(/––$/);
});

it('keeps in the address how far back one looks, and shows first what somebody came for', async () => {
  fake.world.createSite('Blog');
  const { router } = visit('/sites/blog/metrics?metric=memory_bytes');
  const drawn = await screen.findAllByRole('heading', { level: 3 });
  expect(drawn[0]?.textContent).toBe('Memory');
  expect(screen.getByRole('button', { name: '24 hours', pressed: true })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: '7 days' }));
  expect(await screen.findByRole('button', { name: '7 days', pressed: true })).toBeTruthy();
  expect(router.state.location.search).toEqual({ range: '7d' });
});

it('says of a site of which nothing was measured that this is so', async () => {
  fake.world.createSite('Quiet');
  visit('/sites/quiet/metrics');
  expect(await screen.findByText('Nothing was measured in this time')).toBeTruthy();
});
