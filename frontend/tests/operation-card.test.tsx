// The card of something long: steps while it runs, and what came of it.

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { OperationCard } from '@/features/operations/OperationCard';
import { type Fake, openStage, show, signIn } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0.3 });
  await signIn(fake);
});
afterAll(() => fake.close());
afterEach(() => fake.world.failing.clear());

it('goes from steps to a link', async () => {
  const { id } = fake.world.createSite('Sunrise Bakery');
  show(<OperationCard id={id} />);
  expect(await screen.findByRole('heading', { name: 'Creating Sunrise Bakery' })).toBeTruthy();
  expect(screen.getByRole('progressbar', { name: 'Progress' })).toBeTruthy();
  expect(screen.getAllByRole('listitem')).toHaveLength(7);

  const link = await screen.findByRole('link', { name: 'Open site' });
  expect(link.getAttribute('href')).toBe(`http://sunrise-bakery.localhost:${fake.world.port}/`);
  expect(screen.getByRole('button', { name: 'WP Admin' })).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'Sunrise Bakery' })).toBeTruthy();
});

it('says aloud that the site is live, once it is', async () => {
  const { id } = fake.world.createSite('Quiet Cafe');
  show(<OperationCard id={id} />);
  await screen.findByRole('link', { name: 'Open site' });
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Quiet Cafe is live'));
});

it('follows the event stream rather than waiting for the next poll', async () => {
  const { id } = fake.world.createSite('Stream Side');
  const { queryClient } = show(<OperationCard id={id} />);
  const counts = new Set<number>();
  queryClient.getQueryCache().subscribe(({ query }) => {
    const operation = query.state.data as { steps?: { state: string }[] } | undefined;
    if (operation?.steps) counts.add(operation.steps.filter((step) => step.state === 'done').length);
  });
  await screen.findByRole('link', { name: 'Open site' });
  // Polling alone would see the first state and the last.
  expect(counts.size).toBeGreaterThanOrEqual(3);
});

it('says what happened when it failed, and shows the step', async () => {
  fake.world.failing.add('broken-oven');
  const { id } = fake.world.createSite('Broken Oven');
  show(<OperationCard id={id} />);
  expect(await screen.findByRole('heading', { name: 'Broken Oven could not be created' })).toBeTruthy();
  expect(screen.getByText('The database did not answer.')).toBeTruthy();
  expect(screen.getByText(/Database/).textContent).toContain('did not work');
  expect(screen.queryByRole('link', { name: 'Open site' })).toBeNull();
});

it('stays true when the site is deleted later', async () => {
  const made = fake.world.createSite('Gone Tomorrow');
  const card = show(<OperationCard id={made.id} />);
  await screen.findByRole('link', { name: 'Open site' });
  card.unmount();
  fake.world.begin('remove', made.tenant);
  show(<OperationCard id={made.id} />);
  expect(await screen.findByText(/deleted since/)).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'Open site' })).toBeNull();
});

it('keeps how the site was made, for those who ask', async () => {
  const { id } = fake.world.createSite('Curious Corner');
  show(<OperationCard id={id} />);
  await userEvent.click(await screen.findByText(/Made and checked from outside in/));
  const steps = screen.getByRole('list');
  expect(within(steps).getAllByText(/done/)).toHaveLength(7);
});
