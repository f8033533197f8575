// The log of a site with 20,000 lines in it, and its visitors' as they come: found, read, followed, paused, told of one request. Needs a
// platform with such a site: AIPRESS_URL, AIPRESS_LINK, SITE (its slug), ARTIFACTS.

import { equal, Stage, truth } from './stage.mjs';

const { AIPRESS_URL = 'http://localhost:8080', AIPRESS_LINK, SITE, ARTIFACTS = 'artifacts/logs' } = process.env;
if (!AIPRESS_LINK || !SITE) throw new Error('AIPRESS_LINK and SITE are needed');

const MANY = 20_000;
const MOST_ROWS = 120;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
const log = (page) => page.getByRole('listbox', { name: 'Lines of the log' });
const line = (page, name) => log(page).getByRole('option', name && { name });
const rows = (page) => line(page).count();
const stage = new Stage({ url: AIPRESS_URL, artifacts: ARTIFACTS });

await stage.play(async (page) => {
  await arrive(page);
  await readBack(page);
  await narrow(page);
  await followVisitors(page);
  await nothing(page);
  await onAPhone(page);
});

async function arrive(page) {
  await page.goto(AIPRESS_LINK);
  await page.waitForURL(`${stage.url}/`);
  await stage.must('the log of a site shows its newest lines, and is live', async () => {
    await page.goto(`${stage.url}/sites/${SITE}/logs?within=1d`);
    await line(page).first().waitFor();
    await page.getByText('Live', { exact: true }).first().waitFor();
  });
  await stage.inspect('the log of a site');
}

/** All the way back, as somebody does who scrolls up and up. */
async function readBack(page) {
  let most = 0;
  await stage.claim(`of ${MANY} lines, at most ${MOST_ROWS} are ever in the page`, async () => {
    const count = () =>
      page.evaluate(() => Number(document.querySelector('[role=option][aria-setsize]')?.ariaSetSize ?? 0));
    for (let tries = 0; tries < 400 && (await count()) < MANY - 500; tries += 1) {
      await log(page).evaluate((frame) => frame.scrollTo({ top: 0 }));
      await page.waitForTimeout(60);
      most = Math.max(most, await rows(page));
    }
    truth((await count()) >= MANY - 500, `only ${await count()} lines were read`);
    truth(most > 10 && most <= MOST_ROWS, `${most} rows`);
  });
  await stage.claim('scrolling through them draws every frame in time', async () => {
    const longest = await log(page).evaluate(scrollThrough);
    truth(longest < 500, `${Math.round(longest)} ms between two frames`);
    most = Math.max(most, await rows(page));
    truth(most <= MOST_ROWS, `${most} rows`);
  });
  await stage.inspect('20,000 lines, scrolled up');
}

/** From top to end in sixty steps; the longest that two frames were apart, in milliseconds. */
async function scrollThrough(frame) {
  const tick = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let last = await tick();
  let longest = 0;
  for (let step = 0; step <= 60; step += 1) {
    frame.scrollTop = (frame.scrollHeight * step) / 60;
    const now = await tick();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return longest;
}

async function narrow(page) {
  await stage.claim('filters stand in the address, and Back takes the last one away', async () => {
    await page.goto(`${stage.url}/sites/${SITE}/logs?within=1d`);
    await line(page).first().waitFor();
    await page.getByLabel('Level').selectOption('error');
    await page.waitForURL(/level=error/);
    await line(page, /error/).first().waitFor();
    equal(await line(page, / info /).count(), 0);
  });
  await stage.inspect('errors and worse');
  await stage.claim('by keyboard a line is reached and opened, and its facts are read', async () => {
    await log(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 3, name: /^Line: / }).waitFor();
    await page.getByRole('term').filter({ hasText: 'Level' }).waitFor();
  });
  await page.locator('section[aria-labelledby=line]').scrollIntoViewIfNeeded();
  await stage.inspect('one line in full');
  await stage.claim('Escape closes it', async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 3 }).waitFor({ state: 'detached' });
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes('level'));
  });
}

async function followVisitors(page) {
  const word = `pigeon-${Math.floor(performance.now())}`;
  const [one, two] = ['one', 'two'].map((which) => line(page, new RegExp(`${word}-${which}`)).first());
  await stage.claim(
    'a visit is in the log while one looks, and pausing keeps the next out until it goes on',
    async () => {
      await page.goto(`${stage.url}/sites/${SITE}/logs`);
      await page.getByText('Live', { exact: true }).first().waitFor();
      await visit(`${word}-one`);
      await one.waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused').waitFor();
      await visit(`${word}-two`);
      await page.waitForTimeout(2000);
      equal(await two.count(), 0);
      await page.getByRole('button', { name: 'Go on' }).click();
      await two.waitFor();
    },
  );
  await stage.inspect('visitors as they come');
  await oneRequest(page, one);
}

async function oneRequest(page, visit) {
  await stage.claim('of a line, everything of its request is shown', async () => {
    await visit.click();
    await page.getByRole('button', { name: 'Show everything of this request' }).click();
    await page.waitForURL(/request=/);
    await page.getByText(/^Everything of request/).waitFor();
    await line(page).first().waitFor();
  });
  await stage.inspect('everything of one request');
  await stage.claim('and one press shows all again', async () => {
    await page.getByRole('button', { name: 'Show all lines again' }).click();
    await page.waitForURL((url) => !url.search.includes('request'));
  });
}

/** Somebody visits a page of the site. */
async function visit(path) {
  const visitor = await (await stage.newContext()).newPage();
  await visitor.goto(`http://${SITE}.${new URL(stage.url).host}/${path}/`).catch(() => undefined);
  await visitor.context().close();
}

async function nothing(page) {
  await stage.claim('where no line fits, it says so and shows the way back', async () => {
    await page.goto(`${stage.url}/sites/${SITE}/logs?q=never-written-anywhere`);
    await page.getByText('No line fits').waitFor();
    await stage.inspect('no line fits');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await line(page).first().waitFor();
  });
}

async function onAPhone(page) {
  await page.setViewportSize(PHONE);
  await page.goto(`${stage.url}/sites/${SITE}/logs`);
  await line(page).first().waitFor();
  await stage.inspect('the log on a phone');
  await stage.claim('nothing is wider than a phone', async () => {
    equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
  });
  await page.setViewportSize(DESK);
}
