// What the home page suggests is said, begun or gone on with, as the assistant says.

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fake, openStage, signIn, visit } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0.05 });
  await signIn(fake);
});
afterAll(() => fake.close());

const suggestions = async () => within(await screen.findByRole('list', { name: 'Suggestions' }));

it('puts a beginning into the composer, and sends nothing', async () => {
  visit('/');
  await userEvent.click(await (await suggestions()).findByRole('button', { name: 'Create a site for…' }));
  await waitFor(() =>
    expect(screen.getByLabelText<HTMLTextAreaElement>('Message AIPress').value).toBe('Create a site for '),
  );
  expect(fake.threads.threads.size).toBe(0);
});

it('says what is to be said as it stands', async () => {
  visit('/');
  await userEvent.click(await (await suggestions()).findByRole('button', { name: 'Count for me' }));
  await waitFor(() => expect([...fake.threads.threads.values()].map(({ title }) => title)).toEqual(['count to 3']));
  expect(await screen.findByText(/word2/)).toBeTruthy();
});

it('leads to the conversation in which something waits', async () => {
  const { router } = visit('/');
  const [id] = [...fake.threads.threads.keys()];
  await userEvent.click(await (await suggestions()).findByRole('link', { name: 'Go on: count to 3' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/c/${id}`));
});
