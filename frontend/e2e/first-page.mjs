// The first page, played by a person in a browser: a one-time link, one sentence, a site. Needs a running platform:
// AIPRESS_URL, AIPRESS_LINK (a one-time sign-in link), ARTIFACTS (where pictures go). Exits 1 if anything did not hold.

import { findByKeys } from './palette.mjs';
import { deleteAnother, planIsOnlyAPlan } from './plans.mjs';
import { equal, Stage, truth } from './stage.mjs';
import { publishPost, seeImage, seePost, uploadImage } from './wordpress.mjs';

const {
  AIPRESS_URL = 'http://localhost:8080',
  AIPRESS_LINK,
  ARTIFACTS = 'artifacts',
  AIPRESS_NO_WORDPRESS,
} = process.env;
if (!AIPRESS_LINK) throw new Error('AIPRESS_LINK is needed: a one-time sign-in link of the platform at AIPRESS_URL');

const NAME = 'Sunrise Bakery';
const stage = new Stage({ url: AIPRESS_URL, artifacts: ARTIFACTS });

await stage.play(async (page) => {
  await signIn(page);
  await createSite(page);
  await visitSite(page);
  await comeBack(page);
  const conversation = page.url();
  await findByKeys(stage, NAME);
  await page.goto(conversation);
  await planIsOnlyAPlan(stage, NAME);
  await deleteAnother(stage);
  await listSites(page);
  await readTheApi(page);
  await leave(page);
});

async function signIn(page) {
  await stage.must('whoever is not signed in is led to sign-in', async () => {
    await page.goto(stage.url);
    await page.waitForURL(`${stage.url}/login`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
  await stage.inspect('sign-in');
  await stage.claim('a link that is no good is explained', async () => {
    await page.goto('about:blank');
    await page.goto(`${stage.url}/login#token=this-was-never-a-link`);
    await page.getByRole('alert').getByText('already been used or has expired').waitFor();
    equal(page.url(), `${stage.url}/login`);
  });
  await stage.inspect('sign-in with a used link');
  await stage.must('a one-time link signs in by itself', async () => {
    await page.goto('about:blank');
    await page.goto(AIPRESS_LINK);
    await page.waitForURL(`${stage.url}/`);
    await page.getByRole('heading', { name: 'What should we build?' }).waitFor();
  });
  await stage.inspect('chat before the first word');
}

async function createSite(page) {
  const composer = page.getByLabel('Message AIPress');
  await stage.must('one sentence starts a site', async () => {
    await composer.click();
    await page.keyboard.type(`create a site called ${NAME}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: new RegExp(`^(Creating )?${NAME}$`) }).waitFor();
    truth(/\/c\/.+/.test(page.url()), `the conversation has no address of its own: ${page.url()}`);
  });
  const isCreating = await page.getByRole('progressbar').isVisible();
  console.log(`      steps were ${isCreating ? 'seen running' : 'over before they could be seen'}`);
  if (isCreating) await stage.inspect('the card while the site is made');
  await stage.must('the card goes from steps to a link', async () => {
    await page.getByRole('link', { name: 'Open site' }).waitFor();
    await page.getByRole('button', { name: 'WP Admin' }).waitFor();
  });
  await stage.claim('the cursor is still in the composer', async () => {
    equal(await page.evaluate(() => document.activeElement?.id), 'composer');
  });
  await stage.inspect('the card once the site is live');
  await stage.claim('the steps can be looked at afterwards, each with its time', async () => {
    await page.getByText('Made and checked from outside in').click();
    const steps = await page.locator('details[open] li').allInnerTexts();
    truth(steps.length >= 3 && steps.every((step) => /\d s/.test(step)), `the steps are ${JSON.stringify(steps)}`);
  });
  await stage.inspect('how the site was made');
}

async function visitSite(page) {
  const home = await page.getByRole('link', { name: 'Open site' }).getAttribute('href');
  await stage.claim('Open site shows the site, with status 200 and its name as title', async () => {
    const site = await tabOf(page, () => page.getByRole('link', { name: 'Open site' }).click());
    equal(await site.evaluate(() => performance.getEntriesByType('navigation')[0].responseStatus), 200);
    truth((await site.title()).includes(NAME), `the title is “${await site.title()}”`);
    await stage.shot('the site', site);
    await site.close();
  });
  await stage.claim('WP Admin opens the dashboard, signed in', async () => {
    const admin = await tabOf(page, () => page.getByRole('button', { name: 'WP Admin' }).click());
    await admin.waitForURL(/\/wp-admin\//);
    await admin.locator('#wpadminbar').waitFor({ state: 'attached' });
    truth((await admin.title()).includes('Dashboard'), `the title is “${await admin.title()}”`);
    await stage.shot('the dashboard', admin);
    await worksInWordPress(admin, home);
    await admin.close();
  });
}

async function worksInWordPress(admin, home) {
  if (AIPRESS_NO_WORDPRESS) {
    stage.skip('a post is published and seen from outside', 'there is no WordPress behind this address');
    stage.skip('a picture is uploaded and seen from outside', 'there is no WordPress behind this address');
    return;
  }
  const visitor = await (await stage.newContext()).newPage();
  await stage.claim('a post is published and seen from outside', async () => {
    const address = await publishPost(admin, home);
    await stage.shot('the editor', admin);
    await seePost(visitor, address);
    await stage.shot('the post', visitor);
  });
  await stage.claim('a picture is uploaded and seen from outside', async () => {
    const address = await uploadImage(admin, home, await visitor.screenshot());
    await stage.shot('the upload', admin);
    await seeImage(visitor, address);
    await stage.shot('the picture', visitor);
  });
  await visitor.context().close();
}

/** The tab that a press opens, once it shows something. */
async function tabOf(page, press) {
  const [tab] = await Promise.all([page.context().waitForEvent('page'), press()]);
  await tab.waitForURL(/^https?:/);
  await tab.waitForLoadState();
  return tab;
}

async function comeBack(page) {
  await stage.claim('after a reload the conversation is the same, and its card still true', async () => {
    await page.reload();
    await page.getByText(`create a site called ${NAME}`).first().waitFor();
    await page.getByRole('link', { name: 'Open site' }).waitFor();
  });
  await stage.claim('the card is reached and used by keyboard alone', async () => {
    await page.locator('body').click({ position: { x: 2, y: 300 } });
    const reached = [];
    for (let tabs = 0; tabs < 20 && !reached.includes('WP Admin'); tabs += 1) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => document.activeElement?.textContent?.trim()));
    }
    truth(reached.includes('Open site') && reached.includes('WP Admin'), `reached ${JSON.stringify(reached)}`);
  });
}

async function listSites(page) {
  await stage.claim('Sites lists the site with its state and address', async () => {
    await page.getByRole('link', { name: 'Sites', exact: true }).click();
    await page.getByRole('heading', { name: 'Sites', level: 1 }).waitFor();
    const row = page.getByRole('listitem').filter({ hasText: NAME }).first();
    await row.getByText('Live').waitFor();
    await row.getByRole('button', { name: `WP Admin of ${NAME}` }).waitFor();
  });
  await stage.inspect('sites');
  await page.setViewportSize({ width: 390, height: 844 });
  await stage.inspect('sites on a phone');
  await page.goto(stage.url);
  await page.getByRole('heading', { name: 'Recent' }).waitFor();
  await stage.inspect('chat on a phone');
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function readTheApi(page) {
  await stage.claim("the API's own pages are there, without the internet", async () => {
    await page.goto(`${stage.url}/api/docs`);
    await page.getByRole('heading', { name: 'AIPress control plane' }).waitFor();
    await page.getByText('/api/tenants/{tenant}', { exact: true }).first().waitFor();
    await page.goto(`${stage.url}/sites`);
  });
}

async function leave(page) {
  await stage.claim('Sign out ends the session', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${stage.url}/login`);
    await page.goto(`${stage.url}/sites`);
    await page.waitForURL(`${stage.url}/login`);
  });
}
