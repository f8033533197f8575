// What a person feels of the app, measured: Lighthouse on the chat, layout shifts and policy violations through a whole conversation,
// and Lighthouse on WordPress's own dashboard beside it. Needs AIPRESS_URL and AIPRESS_LINK (a one-time sign-in link); prints one JSON object.

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium } from 'playwright-core';
import { FLAGS } from '../e2e/stage.mjs';

const { AIPRESS_URL, AIPRESS_LINK } = process.env;
if (!AIPRESS_URL || !AIPRESS_LINK) throw new Error('AIPRESS_URL and AIPRESS_LINK are needed');
const ROUNDS = 3;
/** A stream that never ends: with it Lighthouse waits for a rest that never comes, and loses its trace. */
const NEVER_ENDS = '*/api/events';
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const NAME = 'Bench Bakery';

const profile = await mkdtemp(join(tmpdir(), 'aipress-bench-web-'));
const port = await freePort();
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium',
  args: [...FLAGS, `--remote-debugging-port=${port}`],
  viewport: { width: 1280, height: 800 },
});
try {
  const page = await context.newPage();
  const violations = await watchPolicy(page);
  await page.goto(AIPRESS_LINK);
  await page.getByLabel('Message AIPress').waitFor();
  const cls = await converse(page);
  const dashboard = await dashboardOf(page);
  await page.goto('about:blank');
  console.error('  Lighthouse on the chat');
  const desktop = await score(`${AIPRESS_URL}/`, desktopConfig);
  const mobile = await score(`${AIPRESS_URL}/`);
  console.error("  Lighthouse on WordPress's own dashboard");
  const stock = await score(dashboard, desktopConfig, false);
  const figures = {
    lighthouse_desktop: desktop.performance,
    lighthouse_desktop_accessibility: desktop.accessibility,
    lighthouse_desktop_best_practices: desktop['best-practices'],
    lighthouse_mobile: mobile.performance,
    lcp_ms: mobile.lcp,
    lcp_desktop_ms: desktop.lcp,
    tbt_mobile_ms: mobile.tbt,
    cls,
    csp_violations: violations.size,
    stock_lighthouse_desktop: stock.performance,
    stock_lcp_desktop_ms: stock.lcp,
  };
  for (const violation of violations) console.error(`  violated: ${violation}`);
  console.log(JSON.stringify(figures));
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}

/** A site by one sentence, a question, a plan that is cancelled: the layout shifts of all of it, as browsers sum them. */
async function converse(page) {
  console.error('  a whole conversation');
  await say(page, `create a site called ${NAME}`);
  await page.getByRole('link', { name: 'Open site' }).first().waitFor();
  await say(page, 'show me my sites');
  await page.waitForTimeout(1500);
  await say(page, `delete the site ${NAME}`);
  await page.getByText('Needs you').first().waitFor();
  await page.waitForTimeout(500);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Nothing was changed').first().waitFor();
  return Number((await page.evaluate(() => window.shifts)).toFixed(5));
}

async function say(page, text) {
  await page.getByLabel('Message AIPress').fill(text);
  await page.keyboard.press('Enter');
}

/** The stock way to look after a site: wp-admin of the one just made, signed in by its one-click link. */
async function dashboardOf(page) {
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: 'WP Admin' }).first().click(),
  ]);
  await tab.waitForURL(/\/wp-admin\//);
  const address = tab.url();
  await tab.close();
  return address;
}

/** The median of some runs: scores from 0 to 100, times in milliseconds. */
async function score(url, config, isOurs = true) {
  const runs = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = await lighthouse(
      url,
      {
        port,
        onlyCategories: CATEGORIES,
        blockedUrlPatterns: [NEVER_ENDS],
        disableStorageReset: true,
        logLevel: 'error',
      },
      config,
    );
    const { lhr } = result;
    if (lhr.runtimeError) throw new Error(`Lighthouse: ${lhr.runtimeError.message}`);
    if (!lhr.finalDisplayedUrl.startsWith(url)) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
    if (isOurs) complain(lhr);
    runs.push(figuresOf(lhr));
  }
  return Object.fromEntries(Object.keys(runs[0]).map((name) => [name, median(runs.map((run) => run[name]))]));
}

function figuresOf({ categories, audits }) {
  return {
    ...Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)])),
    lcp: Math.round(audits['largest-contentful-paint'].numericValue),
    tbt: Math.round(audits['total-blocking-time'].numericValue),
  };
}

/** Names what keeps accessibility or best practices from 100. */
function complain({ categories, audits }) {
  for (const { auditRefs } of CATEGORIES.slice(1).map((name) => categories[name]))
    for (const { id, weight } of auditRefs)
      if (weight > 0 && audits[id].score !== null && audits[id].score < 1)
        console.error(
          `  ${id}: ${audits[id].title} ${JSON.stringify(audits[id].details?.items?.[0] ?? '').slice(0, 300)}`,
        );
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Counts what the policy refused, and sums layout shifts that no press of a key or button explains. */
async function watchPolicy(page) {
  const violations = new Set();
  await page.exposeBinding('reportViolation', (_source, text) => violations.add(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      window.reportViolation(`${event.violatedDirective} ${event.blockedURI}`),
    );
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return violations;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port: found } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return found;
}
