// One person in the hands of an admin: added, promoted, demoted, suspended, signed out; each holds at that person's next request.

import { lookOver, reachAll } from './look.mjs';
import { equal, truth } from './stage.mjs';

/** What a dialog ignores presses for, so that nobody confirms by a double press. */
const TOO_SOON_MS = 450;

/** Adds them by keyboard alone. Resolves with their id. */
export async function addSomebody(stage, { email, name }) {
  const { page } = stage;
  await stage.must('the form for a new person opens by keyboard', async () => {
    await page.goto(`${stage.url}/admin/users`);
    await page.getByRole('button', { name: 'Add somebody' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Add somebody' }).waitFor();
  });
  await lookOver(stage, 'adding somebody');
  await stage.claim('what is no address is refused in words', async () => {
    await page.getByLabel('E-mail address').fill('not an address');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('not an e-mail address').waitFor();
  });
  await lookOver(stage, 'a refused address');
  await stage.must('an admin adds a person', async () => {
    await page.getByLabel('E-mail address').fill(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  });
  await reachAll(stage, 'a person');
  await lookOver(stage, 'a person');
  return new URL(page.url()).pathname.split('/').at(-1);
}

/** The way in that the sign-in page offers: ask for a link, open the mail. */
export async function signInByMail(stage, other, email, operator) {
  await stage.must(`${email} signs in by the link in their mail`, async () => {
    await askForLink(stage, other, email);
    await other.goto('about:blank');
    await other.goto(await linkFor(stage, email, operator));
    await other.waitForURL(`${stage.url}/`);
  });
}

export async function openPerson(stage, id) {
  await stage.page.goto(`${stage.url}/admin/users/${id}`);
  await stage.page.getByRole('button', { name: 'Delete this person' }).waitFor();
}

/** Types the word a dialog asks for, and presses. */
export async function confirm(page, word, label) {
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: label });
  truth(await button.isDisabled(), 'it can be pressed before the word is typed');
  await dialog.getByLabel(`Type ${word} to confirm`).fill(word);
  await page.waitForTimeout(TOO_SOON_MS);
  await button.click();
}

export async function changeRole(stage, other, person) {
  const { page } = stage;
  await openPerson(stage, person.id);
  await page.getByRole('button', { name: 'Make an admin' }).click();
  await page.getByRole('dialog').waitFor();
  await lookOver(stage, 'changing a role');
  await stage.claim('a wrong word changes no role', async () => {
    await page
      .getByRole('dialog')
      .getByLabel(/^Type .+ to confirm$/)
      .fill(person.name);
    truth(
      await page.getByRole('dialog').getByRole('button', { name: 'Make an admin' }).isDisabled(),
      'a name is enough',
    );
    await page
      .getByRole('dialog')
      .getByLabel(/^Type .+ to confirm$/)
      .fill('');
  });
  await stage.must('an admin makes another', async () => {
    await confirm(page, person.email, 'Make an admin');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Make a tenant' }).waitFor();
  });
  await stage.claim('which holds at that person’s next request', async () => {
    equal(await statusOf(other, 'users'), 200);
    await other.goto(`${stage.url}/admin/users`);
    await other.getByRole('link', { name: person.name }).waitFor();
  });
  await takeRoleBack(stage, other, person);
}

async function takeRoleBack(stage, other, person) {
  const { page } = stage;
  await stage.must('and is taken back', async () => {
    await page.getByRole('button', { name: 'Make a tenant' }).click();
    await confirm(page, person.email, 'Make a tenant');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Make an admin' }).waitFor();
  });
  await stage.claim('which holds at their next request, too, on a page that was open', async () => {
    await other.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Secrets' }).click();
    await other.getByRole('heading', { name: 'Only admins can see this' }).waitFor();
    equal(await statusOf(other, 'users'), 403);
  });
}

export async function suspend(stage, other, person, operator) {
  const { page } = stage;
  await openPerson(stage, person.id);
  await page.getByRole('button', { name: 'Suspend' }).click();
  await page.getByRole('dialog').waitFor();
  await lookOver(stage, 'suspending somebody');
  await stage.must('an admin suspends a person', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Reactivate' }).waitFor();
  });
  await stage.claim('who is signed out at their next request', async () => {
    equal(await statusOf(other, 'me'), 401);
    await other.goto(`${stage.url}/sites`);
    await other.waitForURL(`${stage.url}/login`);
  });
  await lookOver(stage, 'a suspended person');
  await stage.claim('the list of suspended people is an address', async () => {
    await page.goto(`${stage.url}/admin/users?state=suspended&q=${encodeURIComponent(person.email)}`);
    await page.getByRole('link', { name: person.name }).waitFor();
    equal(await page.getByRole('table', { name: 'Users' }).getByRole('row').count(), 2);
  });
  await letInAgain(stage, other, person, operator);
}

async function letInAgain(stage, other, person, operator) {
  const { page } = stage;
  await stage.must('they come in again once they are reactivated', async () => {
    await openPerson(stage, person.id);
    await page.getByRole('button', { name: 'Reactivate' }).click();
    await page.getByRole('button', { name: 'Suspend' }).waitFor();
  });
  await signInByMail(stage, other, person.email, operator);
  await stage.claim('ending their sessions signs them out', async () => {
    await openPerson(stage, person.id);
    await page.getByText('Signed in in 1 browser').waitFor();
    await page.getByRole('button', { name: 'End sessions' }).click();
    await page.getByText('Not signed in anywhere').waitFor();
    equal(await statusOf(other, 'me'), 401);
  });
}

async function askForLink(stage, other, email) {
  await other.goto(`${stage.url}/login`);
  await other.getByLabel(/e-mail/i).fill(email);
  await other.keyboard.press('Enter');
  await other.getByText(email).waitFor();
}

/** The newest link the platform mailed to this address; on one machine its mail is caught. */
async function linkFor(stage, email, operator) {
  const answer = await fetch(`${stage.url}/api/outbox?limit=20`, { headers: { authorization: `Bearer ${operator}` } });
  const { items } = await answer.json();
  const [link] = items.find(({ to }) => to === email)?.text.match(/http\S+#token=\S+/) ?? [];
  truth(link, `no mail to ${email} was caught`);
  return link;
}

// Asked beside the page, with its cookies: a page whose session ended is on its way to /login.
const statusOf = async (page, room) => (await page.request.get(new URL(`/api/${room}`, page.url()).href)).status();
