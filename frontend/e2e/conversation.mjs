// An answer that takes its time, and everything that can happen meanwhile: cuts, a reload, a second tab, stop, failure and retry. Needs a
// platform whose model obeys (backend/tests/fakes/model.py): AIPRESS_URL, AIPRESS_LINK, ARTIFACTS. Exits 1 if anything did not hold.

import { CuttingProxy } from './cutting-proxy.mjs';
import { equal, Stage, truth } from './stage.mjs';

const { AIPRESS_URL = 'http://localhost:8080', AIPRESS_LINK, ARTIFACTS = 'artifacts' } = process.env;
if (!AIPRESS_LINK) throw new Error('AIPRESS_LINK is needed: a one-time sign-in link of the platform at AIPRESS_URL');

const CUTS = 29;
const stage = new Stage({ url: AIPRESS_URL, artifacts: ARTIFACTS });
const proxy = new CuttingProxy(AIPRESS_URL);

await stage.play(async (page) => {
  await stage.must('signed in', async () => {
    await page.goto(AIPRESS_LINK);
    await page.waitForURL(`${stage.url}/`);
    await composerOf(page).waitFor();
  });
  await cutAgainAndAgain(page);
  await reload(page);
  await secondTab(page);
  await stop(page);
  await retry(page);
});
proxy.close();

async function cutAgainAndAgain(page) {
  const detour = await proxy.open();
  await page.goto(`${detour}/`);
  await stage.claim(`${CUTS} cuts in one answer: nothing lost, nothing doubled`, async () => {
    proxy.cut(CUTS, 2);
    await say(page, 'count 90');
    await answered(page, 90);
    equal(proxy.cuts, CUTS);
    equal(await questions(page), ['count 90']);
  });
  await stage.claim('read back afterwards it is the same', async () => {
    const address = page.url().replace(detour, stage.url);
    await page.goto(address);
    await answered(page, 90);
    equal(await questions(page), ['count 90']);
  });
}

async function reload(page) {
  await newChat(page);
  await stage.claim('a reload in the middle of an answer loses nothing', async () => {
    await say(page, 'count 60');
    await heard(page, 12);
    truth(!(await wordsOf(page)).includes('word59'), 'the answer was over too soon to be interrupted');
    await page.reload();
    await answered(page, 60);
    equal(await questions(page), ['count 60']);
  });
}

async function secondTab(page) {
  await newChat(page);
  await stage.claim('a second tab opened in the middle shows the same answer to its end', async () => {
    await say(page, 'count 61');
    await heard(page, 12);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await Promise.all([answered(page, 61), answered(other, 61)]);
    equal(await questions(other), ['count 61']);
    await other.close();
  });
  await stage.inspect('a long answer');
}

async function stop(page) {
  await newChat(page);
  await stage.claim('Stop stops, says so, and keeps what was said', async () => {
    await say(page, 'count 200');
    await heard(page, 10);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('You stopped this.').waitFor();
    const kept = (await wordsOf(page)).length;
    await page.waitForTimeout(800);
    equal((await wordsOf(page)).length, kept);
    truth(kept >= 10 && kept < 200, `${kept} words were kept`);
  });
  await stage.inspect('an answer that was stopped');
  await stage.claim('the keyboard stops too, and the conversation goes on', async () => {
    await say(page, 'count 201');
    await page.getByText('word5 ').nth(1).waitFor();
    await page.keyboard.press('Control+.');
    await page.getByText('You stopped this.').nth(1).waitFor();
    await say(page, 'count 3');
    await page.getByText('word2').nth(2).waitFor(); // of the third answer; the first two have such a word as well
    await page.reload();
    await page.getByText('You stopped this.').nth(1).waitFor();
    equal(await questions(page), ['count 200', 'count 201', 'count 3']);
  });
}

async function retry(page) {
  await newChat(page);
  await stage.claim('an answer that failed says so, without the reason of the machine', async () => {
    await say(page, 'stumble');
    await page.getByRole('alert').getByText('cannot think right now').waitFor();
    truth(!(await page.content()).includes('Internal Server Error'), 'the raw error is on the page');
  });
  await stage.inspect('an answer that failed');
  await stage.claim('Retry asks the same question again, and it is there once', async () => {
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('steady again', { exact: true }).waitFor();
    equal(await page.getByRole('alert').count(), 0);
    await page.reload();
    await page.getByText('steady again', { exact: true }).waitFor();
    equal(await questions(page), ['stumble']);
  });
}

function composerOf(page) {
  return page.getByLabel('Message AIPress');
}

async function newChat(page) {
  await page.goto(`${stage.url}/`);
  await composerOf(page).waitFor();
}

async function say(page, text) {
  await page.getByRole('button', { name: 'Send' }).waitFor();
  await composerOf(page).fill(text);
  await page.keyboard.press('Enter');
}

async function wordsOf(page) {
  return (await page.getByRole('article').allInnerTexts()).join(' ').match(/word\d+/g) ?? [];
}

async function heard(page, number) {
  await page.getByText(`word${number} `).first().waitFor();
}

/** The one answer is whole: each word once, in order. */
async function answered(page, count) {
  await page
    .getByText(`word${count - 1}`)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Send' }).waitFor();
  const should = Array.from({ length: count }, (_, number) => `word${number}`);
  equal(await wordsOf(page), should);
}

async function questions(page) {
  const said = await page.getByText('You said:').locator('..').allInnerTexts();
  return said.map((text) => text.replace('You said:', '').trim());
}
