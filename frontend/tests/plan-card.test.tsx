// The card of a plan: nothing happens unless a person confirms exactly what they see.

import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { OperationCard } from '@/features/operations/OperationCard';
import { PlanCard } from '@/features/plans/PlanCard';
import { sleep } from '@/lib/time';
import { type Fake, openStage, show, signIn } from './stage';

let fake: Fake;
let plan: ReturnType<Fake['world']['planDeletion']>;
let number = 0;

beforeAll(async () => {
  fake = await openStage({ pace: 0.02 });
  await signIn(fake);
});
afterAll(() => fake.close());
beforeEach(() => {
  number += 1;
  plan = fake.world.planDeletion(fake.world.createSite(`Bakery ${number}`).tenant);
});

function showPlan({ isNewest = true, isFresh = true } = {}) {
  const showOperation = (id: string) => <OperationCard id={id} />;
  return show(<PlanCard id={plan.id} isNewest={isNewest} isFresh={isFresh} showOperation={showOperation} />);
}

const field = () => screen.findByLabelText(`Type bakery-${number} to confirm`);
const confirmButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Confirm' });
const settled = () => sleep(450);

it('says what is touched, the price before and after, the way back and how long it holds', async () => {
  showPlan();
  expect(await screen.findByText('Its database and 3 files')).toBeTruthy();
  expect(screen.getByText('$5.00 / month')).toBeTruthy();
  expect(screen.getByText('$0.00 / month')).toBeTruthy();
  expect(screen.getByText(/last backup is kept/)).toBeTruthy();
  expect(screen.getByText(/Can be confirmed for 15 min/)).toBeTruthy();
});

it('cannot be confirmed until the name is typed', async () => {
  showPlan();
  const input = await field();
  expect(confirmButton().disabled).toBe(true);
  await userEvent.type(input, 'bakery');
  expect(confirmButton().disabled).toBe(true);
});

it('is confirmed by hash and typed name, and then shows the steps', async () => {
  showPlan();
  await userEvent.type(await field(), `bakery-${number}`);
  await settled();
  await userEvent.click(confirmButton());
  expect(await screen.findByRole('heading', { name: `Bakery ${number} is deleted` })).toBeTruthy();
  expect(plan.state).toBe('confirmed');
});

it('ignores a press in the first 400 ms', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  showPlan();
  fireEvent.change(await field(), { target: { value: `bakery-${number}` } });
  vi.advanceTimersByTime(399);
  fireEvent.click(confirmButton());
  await sleep(200);
  expect(plan.state).toBe('proposed');
  vi.advanceTimersByTime(1);
  fireEvent.click(confirmButton());
  await waitFor(() => expect(plan.state).toBe('confirmed'));
  vi.useRealTimers();
});

it('is not carried out when it has changed since it was seen', async () => {
  showPlan();
  await userEvent.type(await field(), `bakery-${number}`);
  plan.hash = 'another';
  await settled();
  await userEvent.click(confirmButton());
  expect((await screen.findByRole('alert')).textContent).toContain('This plan has changed');
  expect(plan.state).toBe('proposed');
});

it('is withdrawn by Cancel', async () => {
  showPlan();
  await field();
  await settled();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText('You cancelled this. Nothing was changed.')).toBeTruthy();
  expect(plan.state).toBe('withdrawn');
});

it('cannot be answered after it expired', async () => {
  plan.expires_at = new Date(Date.now() - 1000).toISOString();
  showPlan();
  expect(await screen.findByText('Expired')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

it('cannot be answered once the conversation has gone on', async () => {
  showPlan({ isNewest: false });
  expect(await screen.findByText('Superseded')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

it('gives the focus to its heading when it arrives', async () => {
  showPlan();
  const heading = await screen.findByRole('heading', { name: `Delete Bakery ${number}` });
  await waitFor(() => expect(document.activeElement).toBe(heading));
});

it('leaves the focus where it is when it is read back', async () => {
  showPlan({ isFresh: false });
  await screen.findByRole('heading', { name: `Delete Bakery ${number}` });
  expect(document.activeElement).toBe(document.body);
});
