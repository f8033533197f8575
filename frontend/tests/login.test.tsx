// Sign-in: a link is asked for, a link is redeemed once, and a link that no longer works is explained.

import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { StrictMode } from 'react';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LoginPage } from '@/features/login/LoginPage';
import { type Fake, openStage } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage();
});
afterAll(() => fake.close());

function open(token: string | null) {
  const entered: string[] = [];
  const enter = () => entered.push('in');
  render(
    <StrictMode>
      <LoginPage arrival={{ token, link: null }} enter={enter} />
    </StrictMode>,
  );
  return entered;
}

const newToken = () => fake.world.newLink().split('token=')[1] as string;

it('sends a link and says where to look', async () => {
  open(null);
  await userEvent.type(await screen.findByLabelText('E-mail'), ' ada@example.com ');
  await userEvent.click(screen.getByRole('button', { name: 'Send me a link' }));
  expect(await screen.findByRole('heading', { name: 'We sent a link' })).toBeTruthy();
  expect(screen.getByText('ada@example.com')).toBeTruthy();
  expect(screen.getByText(/terminal or the\s+outbox/)).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading')));
});

it('can be sent to another address', async () => {
  open(null);
  await userEvent.type(await screen.findByLabelText('E-mail'), 'ada@example.com{Enter}');
  await userEvent.click(await screen.findByRole('button', { name: 'Use another address' }));
  expect(screen.getByLabelText('E-mail')).toBeTruthy();
});

it('redeems a link by itself, once, and goes in', async () => {
  const token = newToken();
  const entered = open(token);
  expect(screen.getByText('Signing you in…')).toBeTruthy();
  await waitFor(() => expect(entered).toContain('in'));
  expect(fake.world.sessions.size).toBe(1);
  expect(fake.world.links.has(token)).toBe(false);
});

it('explains a link that was used, and offers another', async () => {
  const entered = open('never-minted');
  expect((await screen.findByRole('alert')).textContent).toContain('already been used or has expired');
  expect(await screen.findByRole('button', { name: 'Send me a link' })).toBeTruthy();
  expect(entered).toEqual([]);
});
