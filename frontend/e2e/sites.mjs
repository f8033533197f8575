// The pages of sites, played by two people in two browsers: made by form, renamed and back, shared, given variables, deleted. Needs a
// platform without sites: AIPRESS_URL, AIPRESS_LINK (the first person's), SECOND_LINK and SECOND_EMAIL (the other's), ARTIFACTS.

import { get } from 'node:http';
import { pressOn, tabTo } from './keys.mjs';
import { lookAtActivity, searchAndAsk } from './sites-around.mjs';
import { deleteIt, giveVariables, share } from './sites-settings.mjs';
import { equal, Stage, truth } from './stage.mjs';

const { AIPRESS_URL = 'http://localhost:8080', AIPRESS_LINK, ARTIFACTS = 'artifacts' } = process.env;
const { SECOND_LINK, SECOND_EMAIL } = process.env;
if (!AIPRESS_LINK || !SECOND_LINK) throw new Error('AIPRESS_LINK and SECOND_LINK are needed: one-time sign-in links');

const NAME = 'Zoë’s Café';
const SLUG = 'zoes-cafe';
const TABS = ['logs', 'metrics', 'costs', 'diagnosis', 'backups', 'staging', 'domains', 'settings'];
const VISITS = 12;
const LOOKS = 60;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
const stage = new Stage({ url: AIPRESS_URL, artifacts: ARTIFACTS });

await stage.play(async (page) => {
  await firstUse(page);
  await makeByForm(page);
  await seePriceFirst(page);
  await renameAndBack(page);
  await lookAround(page);
  await visitAsAStranger();
  await giveVariables(stage, SLUG);
  await share(stage, { name: NAME, slug: SLUG, link: SECOND_LINK, email: SECOND_EMAIL });
  await searchAndAsk(stage, { name: NAME, slug: SLUG });
  await seeVisitsMeasured(page);
  await deleteIt(stage, { name: NAME, slug: SLUG });
  await lookAtActivity(stage, { name: NAME, slug: SLUG, other: SECOND_EMAIL });
});

async function firstUse(page) {
  await stage.must('whoever has no site reads one sentence and two ways to the first', async () => {
    await page.goto(AIPRESS_LINK);
    await page.waitForURL(`${stage.url}/`);
    await page.goto(`${stage.url}/sites`);
    await page.getByText('No sites yet').waitFor();
    await page.getByRole('link', { name: 'Create with chat' }).waitFor();
  });
  await stage.inspect('no sites yet');
}

async function makeByForm(page) {
  await stage.must('the form is reached by keyboard and says what the address will be', async () => {
    await pressOn(page, 'Create with form');
    await page.getByRole('heading', { name: 'New site' }).waitFor();
    await tabTo(page, 'Name');
    await page.keyboard.type('Rock & <Roll>');
    await page.getByText("can't have the character “<”").waitFor();
    await stage.inspect('a name that can not be');
    await page.getByLabel('Name').fill(NAME);
    await page.getByText(`${SLUG}.localhost`).waitFor();
  });
  await stage.inspect('a new site by form');
  await stage.must('Enter makes it, and its page shows how far it is until it is live', async () => {
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    await stage.shot('the site while it is made');
    await page.getByRole('link', { name: 'Open site' }).waitFor();
    equal(new URL(page.url()).pathname, `/sites/${SLUG}`);
  });
  await stage.inspect('the overview of a site');
  await stage.claim('from outside it answers', async () => {
    const visitor = await (await stage.newContext()).newPage();
    equal((await visitor.goto(`http://${SLUG}.${new URL(stage.url).host}/`)).status(), 200);
    await visitor.context().close();
  });
}

async function seePriceFirst(page) {
  await stage.claim('a size that costs is a plan with its price first; Escape makes nothing', async () => {
    await page.goto(`${stage.url}/create`);
    await page.getByLabel('Name').fill('Big Shop');
    await page.getByLabel(/Standard/).check();
    await page.getByRole('button', { name: 'See the plan' }).click();
    await page.getByRole('dialog').getByText('$9.00 / month').waitFor();
    await stage.inspect('a plan with a price');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    equal((await page.request.get(`${stage.url}/api/tenants/big-shop`)).status(), 404);
  });
}

async function renameAndBack(page) {
  await stage.claim('a site is renamed where its name stands, by keyboard', async () => {
    await page.goto(`${stage.url}/sites/${SLUG}`);
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    await pressOn(page, `Rename ${NAME}`);
    await page.keyboard.type('Zoë’s Bar');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Zoë’s Bar' }).waitFor();
    await page.getByText('Renamed to Zoë’s Bar').first().waitFor();
    truth(await page.evaluate(() => document.activeElement?.ariaLabel?.startsWith('Rename')), 'the focus went astray');
  });
  await stage.inspect('a site just renamed');
  await stage.claim('and called as before again by Undo', async () => {
    await page.getByLabel('Notifications').getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    await page.getByText('Undone. It has its former name again.').first().waitFor();
    equal((await (await page.request.get(`${stage.url}/api/tenants/${SLUG}`)).json()).name, NAME);
  });
}

/** Not by the name: only browsers know where `*.localhost` is. */
async function visitAsAStranger() {
  const { port } = new URL(stage.url);
  const headers = { host: `${SLUG}.localhost:${port}` };
  for (let visit = 0; visit < VISITS; visit += 1) {
    const status = await new Promise((told, failed) => {
      get({ host: '127.0.0.1', port, path: `/?visit=${visit}`, headers }, (answer) => {
        answer.resume();
        answer.on('end', () => told(answer.statusCode));
      }).on('error', failed);
    });
    equal(status, 200);
  }
}

/** A minute is shown once it is over and its lines are in. */
async function seeVisitsMeasured(page) {
  await stage.must('the page of metrics draws the visits that were made', async () => {
    await page.goto(`${stage.url}/sites/${SLUG}/metrics?range=1h`);
    const requests = page.getByRole('region', { name: 'Requests', exact: true });
    await requests.waitFor({ timeout: 120_000 });
    await page.getByText(/^Requests: [\d,]+, at most/).waitFor();
    await requests.getByRole('button', { name: 'Show as table' }).click();
    let counted = 0;
    for (let look = 0; look < LOOKS && counted < VISITS; look += 1) {
      const counts = await requests.locator('tbody td:first-of-type').allTextContents();
      counted = counts.reduce((sum, count) => sum + (Number(count) || 0), 0);
      if (counted < VISITS) await page.waitForTimeout(2000);
    }
    truth(counted >= VISITS, `${VISITS} visits were made, and ${counted} are drawn`);
    await requests.getByRole('button', { name: 'Show as chart' }).click();
    await requests.locator('canvas').waitFor();
  });
  await stage.claim('where one points, each value is said with its time', async () => {
    const drawing = await page.getByRole('region', { name: 'Requests', exact: true }).locator('canvas').boundingBox();
    await page.mouse.move(drawing.x + drawing.width * 0.9, drawing.y + drawing.height / 2);
    await page
      .getByText(/ · Requests \S+ · Errors \S+/)
      .first()
      .waitFor();
  });
  await stage.inspect('metrics of visits that were made');
}

async function lookAround(page) {
  for (const tab of TABS) {
    await page.goto(`${stage.url}/sites/${SLUG}/${tab}`);
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    await stage.inspect(`${tab} of a site`);
  }
  await stage.claim('Back leads through the tabs that were seen', async () => {
    await page.goBack();
    await page.getByRole('link', { name: 'Domains', exact: true }).and(page.locator('[aria-current=page]')).waitFor();
  });
  await page.setViewportSize(PHONE);
  for (const place of [`sites/${SLUG}`, `sites/${SLUG}/settings`, 'sites', 'create', 'activity']) {
    await page.goto(`${stage.url}/${place}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await stage.inspect(`${place} on a phone`);
    await stage.claim(`nothing is wider than a phone: ${place}`, async () => {
      equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    });
  }
  await page.setViewportSize(DESK);
}
