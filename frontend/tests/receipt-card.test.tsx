// The receipt of a renaming, and the way back from it and from a creation.

import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { OperationCard } from '@/features/operations/OperationCard';
import { type Fake, openStage, show, signIn } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0.05 });
  await signIn(fake);
});
afterAll(() => fake.close());
afterEach(() => {
  fake.world.undoMs = 900_000;
});

async function made(name: string) {
  const { id, tenant } = fake.world.createSite(name);
  await waitFor(() => expect(fake.world.stateOf(tenant)).toBe('live'));
  return { id, tenant };
}

it('says what the site is called now, what it was called, and for how long there is a way back', async () => {
  const { tenant } = await made('Tea House');
  const { id } = fake.world.renameSite(tenant, 'Leaf and Cup');
  show(<OperationCard id={id} />);
  expect(await screen.findByRole('heading', { name: 'Renamed to Leaf and Cup' })).toBeTruthy();
  expect(screen.getByText(/It was called Tea House before/)).toBeTruthy();
  expect(screen.getByText('15 min left')).toBeTruthy();
});

it('undoes a renaming with one press, says so aloud, and shows that it was undone', async () => {
  const { tenant } = await made('Moon Books');
  const { id } = fake.world.renameSite(tenant, 'Sun Books');
  show(<OperationCard id={id} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Undo: Call it “Moon Books” again' }));
  expect(await screen.findByText('Undone')).toBeTruthy();
  expect(tenant.name).toBe('Moon Books');
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('The site is called Moon Books again'));
  expect(screen.queryByRole('button', { name: /Undo/ })).toBeNull();
});

it('takes the button away when the time is over', async () => {
  fake.world.undoMs = -1;
  const { tenant } = await made('Late Bloom');
  const { id } = fake.world.renameSite(tenant, 'Early Bird');
  show(<OperationCard id={id} />);
  expect(await screen.findByRole('heading', { name: 'Renamed to Early Bird' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: /Undo/ })).toBeNull();
});

it('asks once more before a creation is undone, and changes nothing when the answer is no', async () => {
  const { id, tenant } = await made('Second Thought');
  show(<OperationCard id={id} />);
  await userEvent.click(await screen.findByRole('button', { name: /^Undo: Remove “Second Thought”/ }));
  const keep = await screen.findByRole('button', { name: 'Keep it' });
  expect(document.activeElement).toBe(keep);
  await userEvent.click(keep);
  expect(fake.world.stateOf(tenant)).toBe('live');
  expect(screen.getByRole('button', { name: /^Undo/ })).toBeTruthy();
});

it('becomes the removal when a creation is undone', async () => {
  const { id, tenant } = await made('Short Lived');
  show(<OperationCard id={id} />);
  await userEvent.click(await screen.findByRole('button', { name: /^Undo: Remove/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Remove it' }));
  expect(await screen.findByRole('heading', { name: 'Short Lived is deleted' })).toBeTruthy();
  expect(fake.world.stateOf(tenant)).toBe('removed');
});
