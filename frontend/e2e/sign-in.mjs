// Signing in with Firebase, played in a browser against Firebase's own emulator: its windows, its mail, our session. Needs a
// platform whose Firebase is the emulator: AIPRESS_URL, EMULATOR (host:port), ARTIFACTS. Exits 1 if anything did not hold.

import { readFileSync } from 'node:fs';
import { equal, Stage, truth } from './stage.mjs';

const { AIPRESS_URL = 'http://localhost:8080', EMULATOR, ARTIFACTS = 'artifacts' } = process.env;
if (!EMULATOR) throw new Error('EMULATOR is needed: host:port of Firebase’s Auth emulator');

const GOOGLE = readFileSync(new URL('gapi.js', import.meta.url), 'utf8');
const ELSEWHERE = /^https:\/\/(unpkg\.com|fonts\.(googleapis|gstatic)\.com)\//;
const WAYS = ['Google', 'Apple', 'GitHub', 'e-mail'];
// What the emulator's own frame says where the browser keeps third parties' storage apart.
const OF_THE_EMULATOR = /'sessionStorage' property from 'Window'/;
const stage = new Stage({ url: AIPRESS_URL, artifacts: ARTIFACTS, forgiving: OF_THE_EMULATOR });

await stage.play(async (page) => {
  await keepHere(stage.context);
  await lookAround(page);
  for (const way of ['Google', 'Apple', 'GitHub']) await byWindow(page, way);
  await byUnconfirmedAddress(page);
  await byLink(page);
  await elsewhere();
  await changeOfMind(page);
  await withoutWindows(page);
});

/** Nothing leaves this machine: Google's script is ours, and what decorates the emulator's pages is left out. */
async function keepHere(context) {
  await context.route('https://apis.google.com/js/api.js*', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: GOOGLE }),
  );
  await context.route(ELSEWHERE, (route) => route.abort());
}

async function lookAround(page) {
  await stage.must('sign-in offers four ways, in one column', async () => {
    await page.goto(`${stage.url}/login`);
    await page.getByRole('button', { name: 'Continue with Google' }).waitFor();
    equal(
      await page.getByRole('button').allInnerTexts(),
      WAYS.map((way) => `Continue with ${way}`),
    );
    const boxes = await Promise.all((await page.getByRole('button').all()).map((one) => one.boundingBox()));
    equal(new Set(boxes.map(({ x, width }) => `${x} ${width}`)).size, 1);
  });
  await stage.inspect('four ways to sign in');
  await stage.claim('each is reached by keyboard, in that order', async () => {
    for (const way of WAYS) {
      await page.keyboard.press('Tab');
      equal(await page.evaluate(() => document.activeElement.textContent), `Continue with ${way}`);
    }
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await stage.inspect('four ways on a telephone');
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function byWindow(page, way) {
  const email = `${way.toLowerCase()}@example.com`;
  await stage.must(`${way} ends signed in, on the first page`, async () => {
    await page.goto(`${stage.url}/login`);
    await chooseAccount(page, way, email);
    await seeInside(page, email, `Ada of ${way}`);
  });
  await stage.shot(`signed in with ${way}`);
  await signOut(page);
}

/** In the provider's window, which is the emulator's. */
async function chooseAccount(page, way, email) {
  const opening = page.waitForEvent('popup');
  await page.getByRole('button', { name: `Continue with ${way}` }).click();
  const popup = await opening;
  await popup.locator('.js-new-account').click();
  await popup.locator('#email-input').fill(email);
  await popup.locator('#display-name-input').fill(`Ada of ${way}`);
  await popup.locator('#sign-in').click();
}

async function byUnconfirmedAddress(page) {
  // The emulator's window vouches for every address; this provider does not.
  await page.route('**/accounts:signInWithIdp*', (route) =>
    route.continue({
      postData: route.request().postData().replace('email_verified%22%3Atrue', 'email_verified%22%3Afalse'),
    }),
  );
  await stage.must('an address nobody vouches for is confirmed by mail, then its person is inside', async () => {
    await page.goto(`${stage.url}/login`);
    await chooseAccount(page, 'GitHub', 'unsure@example.com');
    await page.getByRole('heading', { name: 'Is it yours?' }).waitFor();
    await stage.inspect('an address that is not confirmed');
    await page.getByRole('button', { name: 'Send me a confirmation' }).click();
    await page.getByRole('button', { name: 'I have confirmed it' }).click();
    await page.getByRole('alert').getByText('not confirmed yet').waitFor();
    await stage.inspect('a confirmation on its way');
    await fetch(await newestLink('unsure@example.com'), { redirect: 'manual' });
    await page.getByRole('button', { name: 'I have confirmed it' }).click();
    await seeInside(page, 'unsure@example.com', 'Ada of GitHub');
  });
  await page.unroute('**/accounts:signInWithIdp*');
  await signOut(page);
}

async function byLink(page) {
  await stage.must('a link by e-mail ends signed in, on the first page', async () => {
    const link = await askForLink(page, 'link@example.com');
    await page.goto(link);
    await seeInside(page, 'link@example.com', 'link');
    truth(!page.url().includes('oobCode'), 'the code is still in the address bar');
  });
  await signOut(page);
  await stage.claim('a link that was used is explained', async () => {
    const link = await askForLink(page, 'twice@example.com');
    await page.goto(link);
    await seeInside(page, 'twice@example.com', 'twice');
    await signOut(page);
    await page.evaluate(() => localStorage.setItem('aipress.sign-in-address', 'twice@example.com'));
    await page.goto(link);
    await page.getByRole('alert').getByText('already been used or has expired').waitFor();
  });
  await stage.inspect('a used link of Firebase');
}

async function elsewhere() {
  const context = await stage.newContext();
  await keepHere(context);
  const page = await context.newPage();
  await stage.claim('a link opened in another browser asks for its address', async () => {
    const link = await askForLink(stage.page, 'elsewhere@example.com');
    await page.goto(link);
    await page.getByRole('heading', { name: 'Almost there' }).waitFor();
    await page.keyboard.type('somebody@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('That is not the address the link was sent to.').waitFor();
    await stage.shot('a link opened elsewhere', page);
    await page.getByLabel('E-mail').fill('elsewhere@example.com');
    await page.keyboard.press('Enter');
    await seeInside(page, 'elsewhere@example.com', 'elsewhere');
  });
  await context.close();
}

async function changeOfMind(page) {
  await stage.claim('whoever closes the window is back at the buttons, and told nothing', async () => {
    await page.goto(`${stage.url}/login`);
    const opening = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Continue with Google' }).click();
    await (await opening).close();
    await page.locator('button[aria-busy=true]').waitFor({ state: 'detached' });
    equal(await page.getByRole('alert').count(), 0);
  });
}

async function withoutWindows(page) {
  await stage.claim('where no window opens, the page itself goes to the provider', async () => {
    await page.goto(`${stage.url}/login`);
    await page.evaluate(() => Object.assign(window, { open: () => null }));
    await page.getByRole('button', { name: 'Continue with Google' }).click();
    await page.waitForURL(`http://${EMULATOR}/emulator/auth/handler*`);
  });
  await stage.claim('whoever comes back with nothing is told what to do', async () => {
    await page.goto(`${stage.url}/login`);
    await page.getByRole('alert').getByText('Allow pop-ups').waitFor();
  });
  await stage.inspect('sign-in where pop-ups are blocked');
}

/** Fills in the form and takes the link from the emulator, where the mail would be. */
async function askForLink(page, email) {
  await page.goto(`${stage.url}/login`);
  await page.getByRole('button', { name: 'Continue with e-mail' }).click();
  await page.keyboard.type(email);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'We sent a link' }).waitFor();
  return newestLink(email);
}

async function newestLink(email) {
  const answer = await fetch(`http://${EMULATOR}/emulator/v1/projects/demo-aipress/oobCodes`);
  const { oobCodes } = await answer.json();
  return oobCodes.filter((one) => one.email === email).at(-1).oobLink;
}

async function seeInside(page, email, name) {
  await page.waitForURL(`${stage.url}/`);
  await page.getByRole('heading', { name: 'What should we build?' }).waitFor();
  const me = await page.evaluate(async () => (await fetch('/api/me')).json());
  equal([me.principal.email, me.principal.name], [email, name]);
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((one) => one.name));
  equal(
    loaded.filter((url) => /firebase|google/i.test(url)),
    [],
  );
}

async function signOut(page) {
  await page.evaluate(() => fetch('/api/auth/logout', { method: 'POST' }));
}
