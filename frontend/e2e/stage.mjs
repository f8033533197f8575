// The browser the story is played in: Debian's Chromium with a fresh profile, a counter of what held and what did not, and eyes on
// what a person would not see: content security policy, console, accessibility.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PATIENCE_MS = 30_000;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export class Stage {
  passed = 0;
  failed = 0;
  skipped = 0;
  violations = [];
  complaints = [];
  #shots = 0;

  /** `forgiving` tells complaints of the console that are none of ours. */
  constructor({ url, artifacts, forgiving }) {
    this.forgiving = forgiving;
    this.url = url.replace(/\/$/, '');
    this.artifacts = artifacts;
    mkdirSync(artifacts, { recursive: true });
  }

  /** A story from its beginning to its end, with what must hold throughout; whether all did is the process's exit code. */
  async play(story) {
    try {
      await story(await this.open());
      await this.claim('the content security policy was never violated', () =>
        equal([...new Set(this.violations)], []),
      );
      await this.claim('nothing complained in the console', () => equal([...new Set(this.complaints)], []));
    } catch (error) {
      console.log(String(error.message));
      this.failed ||= 1;
    } finally {
      process.exitCode = (await this.close()) ? 0 : 1;
    }
  }

  async open() {
    this.browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
    this.page = await this.newPerson();
    this.context = this.page.context();
    return this.page;
  }

  /** A person in a browser of their own, whose console and policy are listened to as well. */
  async newPerson() {
    const context = await this.newContext();
    await context.exposeBinding('reportViolation', (_source, text) => this.violations.push(text));
    await context.addInitScript(watchPolicy);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#note(error.message));
    page.on('console', (message) => this.#listen(message));
    return page;
  }

  /** Somebody else's browser: no cookie of ours. */
  async newContext() {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  }

  /** A refused request is told by the app itself; the browser's line about it is no complaint. */
  #listen(message) {
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) this.#note(message.text());
  }

  #note(complaint) {
    if (!this.forgiving?.test(complaint)) this.complaints.push(complaint);
  }

  /** One sentence that must hold. Prints it, counts it, and on failure says why and keeps a picture. */
  async claim(sentence, check) {
    try {
      await check();
      this.passed += 1;
      console.log(`ok    ${sentence}`);
      return true;
    } catch (error) {
      this.failed += 1;
      console.log(`FAIL  ${sentence}\n      ${String(error.message).split('\n').slice(0, 6).join('\n      ')}`);
      await this.shot(`failed ${sentence}`).catch(() => undefined);
      return false;
    }
  }

  /** Like claim, but without it there is no point in going on. */
  async must(sentence, check) {
    if (!(await this.claim(sentence, check))) throw new Error(`cannot go on: ${sentence}`);
  }

  skip(sentence, reason) {
    this.skipped += 1;
    console.log(`skip  ${sentence} (${reason})`);
  }

  async shot(name, page = this.page) {
    this.#shots += 1;
    const number = String(this.#shots).padStart(2, '0');
    await page.screenshot({
      path: join(this.artifacts, `${number}-${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}.png`),
    });
  }

  /** Takes a picture and lets axe look at the page as it is; nothing moves meanwhile, for what is half faded in has no contrast yet. */
  async inspect(state, page = this.page) {
    await page.waitForTimeout(250);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await this.shot(state, page);
    await this.#judge(state, page);
    await page.emulateMedia({ reducedMotion: null });
  }

  async #judge(state, page) {
    await this.claim(`axe finds nothing: ${state}`, async () => {
      await page.evaluate(axeSource);
      const found = await page.evaluate((values) => window.axe.run(document, { runOnly: values }), RULES);
      const lines = found.violations.map(
        ({ id, impact, nodes }) => `${id} (${impact}): ${nodes[0].html.slice(0, 160)}`,
      );
      equal(lines, []);
    });
  }

  async close() {
    await this.browser?.close();
    const skips = this.skipped ? `, ${this.skipped} skipped` : '';
    console.log(`${this.passed} passed, ${this.failed} failed${skips}`);
    return this.failed === 0 && this.passed > 0;
  }
}

function watchPolicy() {
  document.addEventListener('securitypolicyviolation', (event) => {
    window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
}

export function equal(actual, expected) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`expected ${should}, but it is ${is}`);
}

export function truth(value, otherwise) {
  if (!value) throw new Error(otherwise);
}
