// Sign-in where Firebase is configured: the buttons, what each refusal says, links, and an address that has to be confirmed.

import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { StrictMode } from 'react';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type FirebaseDoor, isSignInLink, type Provider, whyNot } from '@/features/login/door';
import { LoginPage } from '@/features/login/LoginPage';
import { type Fake, openStage } from './stage';

const LINK = 'http://localhost/login?mode=signIn&oobCode=code&apiKey=key';
const refused = (code: string) => Object.assign(new Error(code), { code });

let fake: Fake;
beforeAll(async () => {
  fake = await openStage();
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.world.firebase = {
    api_key: 'key',
    auth_domain: 'proj.firebaseapp.com',
    project_id: 'proj',
    emulator_url: null,
    providers: ['google', 'apple', 'github', 'email-link'],
  };
  fake.world.sessions.clear();
  localStorage.clear();
  sessionStorage.clear();
});

/** A Firebase that says yes, changed where a test wants it otherwise. */
function door(changes: Partial<FirebaseDoor> = {}) {
  const asked: string[] = [];
  const note = (what: string, token = 'good') => {
    asked.push(what);
    return token;
  };
  const yes: FirebaseDoor = {
    signIn: async (provider) => note(provider),
    arrival: async () => note('arrival'),
    sendLink: async (email) => void note(`link to ${email}`),
    redeemLink: async (email) => note(`redeemed by ${email}`),
    address: () => 'ada@example.com',
    sendConfirmation: async () => void note('confirmation'),
    renewed: async () => note('renewed'),
  };
  return { asked, ...yes, ...changes };
}

function open(firebase: FirebaseDoor, link: string | null = null) {
  const entered: string[] = [];
  const enter = () => entered.push('in');
  const openIt = async () => firebase;
  render(
    <StrictMode>
      <LoginPage arrival={{ token: null, link }} enter={enter} open={openIt} />
    </StrictMode>,
  );
  return entered;
}

const button = (name: string) => screen.findByRole('button', { name });

it.each([
  ['Google', 'google'],
  ['Apple', 'apple'],
  ['GitHub', 'github'],
])('goes in with %s', async (name, provider) => {
  const firebase = door();
  const entered = open(firebase);
  await userEvent.click(await button(`Continue with ${name}`));
  await waitFor(() => expect(entered).toEqual(['in']));
  expect(firebase.asked).toEqual([provider]);
  expect(fake.world.sessions.size).toBe(1);
});

it('shows the ways that are configured, in their order, reachable by keyboard alone', async () => {
  fake.world.firebase.providers = ['github', 'email-link'];
  open(door());
  await button('Continue with GitHub');
  expect(screen.getAllByRole('button').map((one) => one.textContent)).toEqual([
    'Continue with GitHub',
    'Continue with e-mail',
  ]);
  await userEvent.tab();
  expect(document.activeElement?.textContent).toBe('Continue with GitHub');
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('E-mail')));
});

it('sends a link, remembers for whom, and goes in when it is opened here', async () => {
  const firebase = door();
  open(firebase);
  await userEvent.click(await button('Continue with e-mail'));
  await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.com{Enter}');
  expect(await screen.findByText(/Open it in this browser/)).toBeTruthy();
  const entered = open(firebase, LINK);
  await waitFor(() => expect(entered).toEqual(['in']));
  expect(firebase.asked).toEqual(['link to ada@example.com', 'redeemed by ada@example.com']);
});

it('asks for the address when a link is opened elsewhere, and says when it is the wrong one', async () => {
  const firebase = door({
    redeemLink: async (email) => {
      if (email !== 'ada@example.com') throw refused('auth/invalid-email');
      return 'good';
    },
  });
  const entered = open(firebase, LINK);
  const field = await screen.findByLabelText('E-mail');
  await userEvent.type(field, 'eve@example.com{Enter}');
  expect(await screen.findByText('That is not the address the link was sent to.')).toBeTruthy();
  await userEvent.clear(field);
  await userEvent.type(field, 'ada@example.com{Enter}');
  await waitFor(() => expect(entered).toEqual(['in']));
});

it('says nothing when the window was simply closed, and what is wrong when something is', async () => {
  const ends = [refused('auth/popup-closed-by-user'), refused('auth/network-request-failed')];
  const firebase = door({
    signIn: async (_: Provider) => {
      throw ends.shift();
    },
  });
  const entered = open(firebase);
  await userEvent.click(await button('Continue with Google'));
  await waitFor(() => expect(ends.length).toBe(1));
  expect(screen.queryByRole('alert')).toBeNull();
  await userEvent.click(await button('Continue with Google'));
  expect((await screen.findByRole('alert')).textContent).toContain('cannot be reached');
  expect(entered).toEqual([]);
});

it('has an unconfirmed address confirmed, then goes in', async () => {
  const tokens = ['unconfirmed', 'good'];
  const firebase = door({
    signIn: async () => 'unconfirmed',
    renewed: async () => tokens.shift() as string,
  });
  const entered = open(firebase);
  await userEvent.click(await button('Continue with GitHub'));
  expect(await screen.findByText(/Nobody has confirmed yet/)).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole('heading'));
  await userEvent.click(await button('Send me a confirmation'));
  await userEvent.click(await button('I have confirmed it'));
  expect((await screen.findByRole('alert')).textContent).toContain('not confirmed yet');
  expect(entered).toEqual([]);
  await userEvent.click(await button('I have confirmed it'));
  await waitFor(() => expect(entered).toEqual(['in']));
  expect(firebase.asked).toEqual(['confirmation']);
});

it('takes up whoever comes back from a provider’s page', async () => {
  sessionStorage.setItem('aipress.sign-in-away', 'yes');
  const firebase = door();
  const entered = open(firebase);
  await waitFor(() => expect(entered).toEqual(['in']));
  expect(firebase.asked).toEqual(['arrival']);
});

it('says what to do when a browser comes back with nothing', async () => {
  sessionStorage.setItem('aipress.sign-in-away', 'yes');
  open(door({ arrival: async () => null }));
  expect((await screen.findByRole('alert')).textContent).toContain('Allow pop-ups');
  expect(await button('Continue with Google')).toBeTruthy();
});

it('never opens Firebase where none is configured', async () => {
  fake.world.firebase = null;
  let opened = 0;
  render(
    <LoginPage
      arrival={{ token: null, link: LINK }}
      enter={() => undefined}
      open={async () => {
        opened += 1;
        return door();
      }}
    />,
  );
  expect(await button('Send me a link')).toBeTruthy();
  expect(opened).toBe(0);
});

it('knows a link of Firebase’s, and puts every refusal into words', () => {
  expect(isSignInLink(LINK)).toBe(true);
  expect(isSignInLink('http://localhost/login?mode=verifyEmail&oobCode=code')).toBe(false);
  expect(whyNot(refused('auth/something-new'))).toContain('did not work');
  expect(whyNot(new Error('anything'))).toContain('unexpected');
});
