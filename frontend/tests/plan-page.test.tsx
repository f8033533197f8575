// The page of one plan, which an assistant elsewhere gives a link to: it is read and answered here.

import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sleep } from '@/lib/time';
import { noteWayBack, takeWayBack } from '@/lib/wayBack';
import { type Fake, openStage, signIn, visit } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0.02 });
  await signIn(fake);
});
afterAll(() => fake.close());

it('shows what would be done, and does it once the person has confirmed', async () => {
  const plan = fake.world.planDeletion(fake.world.createSite('Bakery').tenant);
  visit(`/plans/${plan.id}`);
  expect(await screen.findByRole('heading', { name: plan.title })).toBeTruthy();
  await userEvent.type(await screen.findByLabelText('Type bakery to confirm'), 'bakery');
  expect(plan.state).toBe('proposed');
  await sleep(450);
  await userEvent.click(screen.getByRole('button', { name: 'Confirm' }));
  expect(await screen.findByRole('heading', { name: 'Bakery is deleted' })).toBeTruthy();
  expect(plan.state).toBe('confirmed');
});

it('says so when there is no such plan', async () => {
  visit('/plans/pln_nobodys');
  await waitFor(() => expect(screen.getByText(/cannot be shown right now/)).toBeTruthy());
});

it('is where somebody who had to sign in first comes back to, once', () => {
  const at = (address: string) => window.history.replaceState(null, '', address);
  at('/plans/pln_1');
  noteWayBack();
  expect([takeWayBack(), takeWayBack()]).toEqual(['/plans/pln_1', '/']);
  at('/sites');
  noteWayBack();
  expect(takeWayBack()).toBe('/');
  sessionStorage.setItem('aipress.back', '//evil.example/plans/');
  expect(takeWayBack()).toBe('/');
  at('/');
});
