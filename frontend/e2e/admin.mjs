// The admin pages, played by two people in two browsers: one lets the other in, up, down and out, and the log tells all of it.
// Needs a running platform with a site on it: AIPRESS_URL, AIPRESS_LINK (a one-time sign-in link of the admin), AIPRESS_OPERATOR
// (the operator's token, to read caught mail), ARTIFACTS (where pictures go). Exits 1 if anything did not hold.

import { readLog } from './admin-audit.mjs';
import { addSomebody, changeRole, confirm, openPerson, signInByMail, suspend } from './admin-people.mjs';
import { lookOver, reachAll } from './look.mjs';
import { equal, Stage, truth } from './stage.mjs';

const { AIPRESS_URL = 'http://localhost:8080', AIPRESS_LINK, AIPRESS_OPERATOR, ARTIFACTS = 'artifacts' } = process.env;
if (!AIPRESS_LINK || !AIPRESS_OPERATOR) throw new Error('AIPRESS_LINK and AIPRESS_OPERATOR are needed');

/** Spreadsheets would take this address for a formula. */
const PERSON = { email: `=grace-${Date.now().toString(36)}@example.com`, name: `Grace ${Date.now().toString(36)}` };
const ADDRESSES = ['', '/users', '/users/anybody', '/tenants', '/tenants/corner-shop', '/secrets', '/costs', '/audit'];
/** Address, heading, and something that is only there once it has been read. */
const PAGES = [
  ['', 'Overview', 'The platform’s own database'],
  ['/users', 'Users', 'Add somebody'],
  ['/tenants', 'Sites', 'Corner Shop'],
  ['/tenants/corner-shop', 'Corner Shop', 'Its one owner, and whom it is shared with.'],
  ['/secrets', 'Secrets', 'SHOP_KEY'],
  ['/costs', 'Costs', 'Costs are counted every hour.'],
  ['/audit', 'Audit', 'The log is intact'],
];
const stage = new Stage({ url: AIPRESS_URL, artifacts: ARTIFACTS });

await stage.play(async () => {
  await enter();
  await lookAround();
  const id = await addSomebody(stage, PERSON);
  const other = await stage.newPerson();
  await signInByMail(stage, other, PERSON.email, AIPRESS_OPERATOR);
  await keepOut(other);
  await changeRole(stage, other, { ...PERSON, id });
  await suspend(stage, other, { ...PERSON, id }, AIPRESS_OPERATOR);
  await refuseDeletion();
  await readLog(stage, { ...PERSON, id });
  await forget(id);
});

async function enter() {
  const { page } = stage;
  await stage.must('an admin signs in and finds the admin pages', async () => {
    await page.goto(AIPRESS_LINK);
    await page.waitForURL(`${stage.url}/`);
    await page.getByRole('link', { name: 'Admin', exact: true }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });
  await stage.claim('a secret of a site is set, to be listed', async () => {
    const answer = await page.evaluate(async () => {
      const body = JSON.stringify({ value: 'a-long-secret-that-ends-with-4f2a' });
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/tenants/corner-shop/secrets/SHOP_KEY', { method: 'PUT', body, headers })).status;
    });
    truth([200, 201].includes(answer), `it was answered ${answer}`);
  });
}

async function lookAround() {
  const { page } = stage;
  for (const [path, heading, sight] of PAGES) {
    await stage.claim(`/admin${path} shows what it is for`, async () => {
      await page.goto(`${stage.url}/admin${path}`);
      await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
      await page.getByText(sight, { exact: true }).first().waitFor();
    });
    await reachAll(stage, `admin${path}`);
    await lookOver(stage, `admin${path}`);
  }
  await stage.claim('no page shows the value of a secret', async () => {
    await page.goto(`${stage.url}/admin/secrets`);
    await page.getByText('SHOP_KEY').waitFor();
    equal((await page.content()).includes('a-long-secret'), false);
  });
  await stage.claim('what is searched stands in the address, and comes back with it', async () => {
    await page.goto(`${stage.url}/admin/tenants`);
    await page.getByRole('textbox', { name: 'Search sites' }).fill('no such shop');
    await page.getByText('No site matches').waitFor();
    equal(new URL(page.url()).searchParams.get('q'), 'no such shop');
    await page.goto(`${stage.url}/admin/tenants?q=corner`);
    await page.getByRole('link', { name: 'Corner Shop' }).waitFor();
    equal(await page.getByRole('textbox', { name: 'Search sites' }).inputValue(), 'corner');
  });
}

/** Somebody who is no admin, at every address of the admin pages. */
async function keepOut(other) {
  for (const path of ADDRESSES) {
    await stage.claim(`a tenant who opens /admin${path} is told that only admins can see it`, async () => {
      await other.goto(`${stage.url}/admin${path}`);
      await other.getByRole('heading', { name: 'Only admins can see this' }).waitFor();
      equal(await other.getByRole('navigation', { name: 'Admin' }).count(), 0);
      equal(await other.getByRole('link', { name: 'Admin', exact: true }).count(), 0);
    });
  }
  await stage.claim('and the control plane refuses them, too', async () => {
    const rooms = ['users', 'secrets', 'audit/verification', 'health/overview'];
    const answers = await other.evaluate(
      (names) => Promise.all(names.map(async (name) => (await fetch(`/api/${name}`)).status)),
      rooms,
    );
    equal(answers, [403, 403, 403, 403]);
  });
  await reachAll(stage, 'only admins', other);
  await lookOver(stage, 'only admins', other);
}

async function refuseDeletion() {
  const { page } = stage;
  await stage.claim('the last admin is not deleted, and reads why', async () => {
    const me = await page.evaluate(async () => (await (await fetch('/api/me')).json()).principal);
    await openPerson(stage, me.id);
    await page.getByRole('button', { name: 'Delete this person' }).click();
    await confirm(page, me.email, 'Delete');
    await page.getByRole('dialog').getByText('Make somebody else an admin first').waitFor();
  });
  await lookOver(stage, 'a refused deletion');
  await page.keyboard.press('Escape');
}

async function forget(id) {
  const { page } = stage;
  await stage.claim('somebody without sites is deleted once their address is typed', async () => {
    await openPerson(stage, id);
    await page.getByRole('button', { name: 'Delete this person' }).click();
    await confirm(page, PERSON.email, 'Delete');
    await page.waitForURL(`${stage.url}/admin/users`);
    await page.getByRole('table', { name: 'Users' }).waitFor();
    equal(await page.getByText(PERSON.email, { exact: true }).count(), 0);
  });
  await stage.claim('their page says that they are gone', async () => {
    await page.goto(`${stage.url}/admin/users/${id}`);
    await page.getByText('There is no such person').waitFor();
  });
  await lookOver(stage, 'nobody here');
}
