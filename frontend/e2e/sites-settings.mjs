// The settings of a site, played: variables whose values never come back, a second person, and the end.

import { pressOn, tabTo } from './keys.mjs';
import { equal, truth } from './stage.mjs';

const FIRST = 'first-value-that-nobody-reads-1111';
const SECOND = 'second-value-that-nobody-reads-2222';

export async function giveVariables(stage, slug) {
  const { page } = stage;
  const answers = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/')) answers.push(await response.text().catch(() => ''));
  });
  await stage.claim('a variable is added by keyboard', async () => {
    await page.goto(`${stage.url}/sites/${slug}/settings`);
    await page.getByText('None are set.').waitFor();
    await pressOn(page, 'Add a variable');
    await page.keyboard.type('stripe api key');
    await page.keyboard.press('Tab');
    await page.keyboard.type(FIRST);
    await stage.inspect('a variable being added');
    await page.keyboard.press('Enter');
    await page.getByText(/ends in 1111/).waitFor();
  });
  await stage.claim('and replaced', async () => {
    await page.getByRole('button', { name: 'Replace STRIPE_API_KEY' }).click();
    await page.getByLabel('New value of STRIPE_API_KEY').fill(SECOND);
    await stage.inspect('a variable being replaced');
    await page.keyboard.press('Enter');
    await page.getByText(/ends in 2222/).waitFor();
  });
  await stage.inspect('a variable that is set');
  await stage.claim('no answer ever has a value in it, nor does the page', async () => {
    await page.reload();
    await page.getByText(/ends in 2222/).waitFor();
    truth(answers.length > 5, `only ${answers.length} answers were seen`);
    const seen = [...answers, await page.content()].filter((text) => text.includes(FIRST) || text.includes(SECOND));
    equal(seen, []);
  });
  await thinkAgain(stage);
}

async function thinkAgain(stage) {
  const { page } = stage;
  await stage.claim('removing it is asked about first', async () => {
    await page.getByRole('button', { name: 'Remove STRIPE_API_KEY' }).click();
    await page.getByRole('dialog', { name: 'Remove STRIPE_API_KEY?' }).waitFor();
    await stage.inspect('before a variable is removed');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText(/ends in 2222/).waitFor();
  });
}

export async function share(stage, { name, slug, link, email }) {
  const { page } = stage;
  const called = email.split('@')[0];
  const other = await stage.newPerson();
  await stage.must('another person signs in and has no sites', async () => {
    await other.goto(link);
    await other.waitForURL(`${stage.url}/`);
    await other.goto(`${stage.url}/sites`);
    await other.getByText('No sites yet').waitFor();
  });
  await stage.claim('shared with them, the site is there at once, without a reload', async () => {
    await page.getByLabel('Share with').fill(email);
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'People' }).getByText(email).waitFor();
    await other.getByRole('link', { name }).waitFor();
  });
  await stage.inspect('a site that is shared');
  await stage.inspect('sites of a member', other);
  await actAsMember(stage, other, { name, slug });
  await stage.claim('taken off it, they see it no more', async () => {
    await page.getByRole('button', { name: `Remove ${called}` }).click();
    await page.getByRole('dialog').waitFor();
    await stage.inspect('before a member is removed');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: `Remove ${called}` }).waitFor({ state: 'detached' });
    await other.goto(`${stage.url}/sites`);
    await other.getByText('No sites yet').waitFor();
  });
  await other.context().close();
}

async function actAsMember(stage, other, { name, slug }) {
  const { page } = stage;
  await stage.claim('a member sees its settings, and whom to ask for what only the owner may', async () => {
    await other.goto(`${stage.url}/sites/${slug}/settings`);
    await other.getByText('Only the owner can delete it.').waitFor();
    await other.getByText('Only the owner can see and set them.').waitFor();
    equal(await other.getByRole('button', { name: 'Delete this site' }).count(), 0);
    const answer = await other.evaluate(askToDelete, slug);
    equal(answer, 403);
  });
  await stage.inspect('settings for a member', other);
  await stage.claim('a member may rename it', async () => {
    await other.getByLabel('Site name').fill(`${name} 2`);
    await other.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: `${name} 2` }).waitFor();
    await other.getByLabel('Notifications').getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  });
}

async function askToDelete(slug) {
  const body = JSON.stringify({ typed_name: slug });
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`/api/tenants/${slug}`, { method: 'DELETE', body, headers })).status;
}

export async function deleteIt(stage, { name, slug }) {
  const { page } = stage;
  await stage.must('deleting shows a plan that waits for the name', async () => {
    await page.goto(`${stage.url}/sites/${slug}/settings`);
    await page.getByRole('button', { name: 'Delete this site' }).waitFor();
    await pressOn(page, 'Delete this site');
    await page.getByRole('dialog', { name: `Delete “${name}”` }).waitFor();
    truth(await page.getByRole('button', { name: 'Delete site', exact: true }).isDisabled(), 'it waits for nothing');
  });
  await stage.inspect('a plan to delete, in a dialog');
  await stage.must('with the name typed it is deleted, and the page says so', async () => {
    await tabTo(page, `Type ${slug} to confirm`);
    await page.keyboard.type(slug);
    await page.waitForTimeout(450);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${name} is deleted` }).waitFor();
  });
  await stage.inspect('a site that is deleted');
  await stage.claim('from outside there is no such site any more', async () => {
    const visitor = await (await stage.newContext()).newPage();
    equal((await visitor.goto(`http://${slug}.${new URL(stage.url).host}/`)).status(), 404);
    await visitor.context().close();
  });
}
