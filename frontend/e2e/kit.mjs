// The design system in a browser, under the app's own content security policy: every component in every state, looked at by axe and kept
// as pictures, wide and narrow; and what only a browser can show. ARTIFACTS says where pictures go. Build it first: `npm run build:kit`.

import { createServer } from 'node:http';
import { serveApp } from './fake/files.mjs';
import { equal, Stage, truth } from './stage.mjs';

const BUILT = new URL('../../artifacts/kit-build/', import.meta.url).pathname;
const server = createServer((request, response) => {
  serveApp(request, response, new URL(request.url, 'http://localhost').pathname, BUILT);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const stage = new Stage({
  url: `http://127.0.0.1:${server.address().port}`,
  artifacts: process.env.ARTIFACTS ?? 'artifacts/kit',
});

try {
  const page = await stage.open();
  await page.goto(`${stage.url}/kit`);
  await page.getByRole('heading', { name: 'Kit', exact: true }).waitFor();
  await page.locator('canvas').first().waitFor();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await stage.inspect(`all components at ${width}`);
    await wholePage(page, width);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await overlays(page);
  await log(page);
  await chart(page);
  await stage.claim('the content security policy was never violated', () => equal([...new Set(stage.violations)], []));
  await stage.claim('nothing complained in the console', () => equal([...new Set(stage.complaints)], []));
} finally {
  server.close();
  process.exitCode = (await stage.close()) ? 0 : 1;
}

async function wholePage(page, width) {
  await page.screenshot({ path: `${stage.artifacts}/whole-${width}.png`, fullPage: true });
  await stage.claim(`nothing is wider than a screen of ${width}`, async () => {
    equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
  });
}

async function overlays(page) {
  await page.getByRole('button', { name: 'Open a dialog' }).click();
  await page.getByRole('dialog', { name: 'Share Sunrise Bakery' }).waitFor();
  await stage.inspect('a dialog');
  await stage.claim('Tab stays inside the dialog', async () => {
    for (let tabs = 0; tabs < 6; tabs += 1) {
      await page.keyboard.press('Tab');
      // Behind the last comes a guard, which hands on to the first a moment later.
      await page.waitForFunction(() => document.activeElement?.closest('[role=dialog]') !== null);
    }
  });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Open typing to confirm' }).click();
  await page.getByRole('dialog').waitFor();
  await stage.inspect('typing to confirm');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Actions for Sunrise Bakery' }).click();
  await page.getByRole('menu').waitFor();
  await stage.inspect('a menu');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Show a toast' }).click();
  await page.getByRole('button', { name: 'Show a bad toast' }).click();
  await page.getByRole('button', { name: 'Undo' }).nth(1).waitFor();
  await stage.inspect('toasts');
}

async function log(page) {
  const frame = page.getByRole('log');
  await frame.scrollIntoViewIfNeeded();
  await stage.claim('of 20,000 lines at most 120 are in the page', async () => {
    const rows = await frame.locator('time').count();
    truth(rows > 5 && rows <= 120, `there are ${rows}`);
    await frame.getByText('/page-19999 ').waitFor();
  });
  await stage.claim('whoever scrolls up is left in peace, and told what came', async () => {
    await frame.evaluate((element) => element.scrollBy(0, -4000));
    await frame.getByText('Waiting for the next line').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Let 312 lines arrive' }).click();
    await page.getByRole('button', { name: '312 new lines' }).waitFor();
    await stage.shot('a log that waits');
    await page.getByRole('button', { name: '312 new lines' }).click();
    await frame.getByText('/page-20311 ').waitFor();
  });
}

async function chart(page) {
  const traffic = page.getByRole('region', { name: 'Traffic' });
  await stage.claim('a chart is drawn', async () => {
    const inks = await traffic.locator('canvas').evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(
        Array.from({ length: data.length / 4 }, (_, place) => data.subarray(place * 4, place * 4 + 4).join()),
      ).size;
    });
    truth(inks > 10, `the canvas has ${inks} colours`);
  });
  await stage.claim('a chart can be read as a table', async () => {
    await traffic.getByRole('button', { name: 'Show as table' }).click();
    equal(await traffic.getByRole('row').count(), 49);
  });
  await stage.inspect('a chart as a table');
}
