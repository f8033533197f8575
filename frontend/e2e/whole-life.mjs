// The whole life of a site in one conversation: made, looked at, asked about, to be backed up, deleted; then the conversation itself is
// renamed, shared, read by a stranger and deleted. Plays with any engine. Needs a running platform: AIPRESS_URL, AIPRESS_LINK,
// ARTIFACTS; NAME and SLUG of the site. Exits 1 if anything did not hold.

import { deleteConversation, readAsStranger, renameConversation, shareConversation } from './conversation-kept.mjs';
import { equal, Stage, truth } from './stage.mjs';

const { AIPRESS_URL = 'http://localhost:8080', AIPRESS_LINK, ARTIFACTS = 'artifacts', NAME, SLUG } = process.env;
if (!AIPRESS_LINK) throw new Error('AIPRESS_LINK is needed: a one-time sign-in link of the platform at AIPRESS_URL');

const stage = new Stage({ url: AIPRESS_URL, artifacts: ARTIFACTS });

await stage.play(async (page) => {
  await stage.must('signed in', async () => {
    await page.goto(AIPRESS_LINK);
    await page.waitForURL(`${stage.url}/`);
    await page.getByLabel('Message AIPress').waitFor();
  });
  await create(page);
  await look(page);
  await diagnose(page);
  await backUp(page);
  await remove(page);
  await renameConversation(stage, `The life of ${NAME}`);
  const link = await shareConversation(stage);
  await readAsStranger(stage, link, { said: `delete the site ${SLUG}`, never: /pln_|op_|thr_|ten_/ });
  await deleteConversation(stage, link);
});

async function create(page) {
  await stage.must('one sentence makes a site', async () => {
    await say(page, `create a site called ${NAME}`);
    await page.getByRole('link', { name: 'Open site' }).waitFor();
  });
  await stage.claim('a stranger can open it', async () => {
    const visitor = await (await stage.newContext()).newPage();
    const answer = await visitor.goto(await page.getByRole('link', { name: 'Open site' }).getAttribute('href'));
    equal(answer.status(), 200);
    truth((await visitor.title()).includes(NAME), `the title is “${await visitor.title()}”`);
    await visitor.context().close();
  });
}

async function look(page) {
  await stage.claim('asked how it is, it shows the site as it is', async () => {
    const answer = await replyTo(page, `how is ${SLUG}?`);
    await answer.getByText('Live', { exact: true }).waitFor();
    await answer.getByRole('link', { name: 'Open site' }).waitFor();
  });
}

async function diagnose(page) {
  await stage.claim('asked for a cause it looks for one, and shows what it saw', async () => {
    const answer = await replyTo(page, `why is ${SLUG} slow?`);
    const card = answer.getByRole('group', { name: `What is wrong with ${SLUG}` });
    await card.waitFor();
    await card.getByText(/^All that was seen/).click();
    await card.getByText('Disk', { exact: true }).waitFor();
  });
}

async function backUp(page) {
  await stage.claim('asked for a backup it says that there are none yet, and what helps until then', async () => {
    const answer = await replyTo(page, `back up ${SLUG}`);
    await answer.getByText('Backups are not there yet').waitFor();
    await answer.getByText('Export').waitFor();
  });
  await stage.inspect('what is not there yet');
}

async function remove(page) {
  await stage.must('a wish to delete is a plan, and the site stands until a person types its name', async () => {
    const home = await page.getByRole('link', { name: 'Open site' }).first().getAttribute('href');
    const answer = await replyTo(page, `delete the site ${SLUG}`);
    await answer.getByRole('heading', { name: `Delete “${NAME}”` }).waitFor();
    truth(await answer.getByRole('button', { name: 'Confirm' }).isDisabled(), 'it can be confirmed without the name');
    equal(await statusOf(home), 200);
    await answer.getByLabel(/^Type .+ to confirm$/).fill((await answer.locator('label strong').innerText()).trim());
    await page.waitForTimeout(450);
    await answer.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: `${NAME} is deleted` }).waitFor();
    equal(await statusOf(home), 404);
  });
  await stage.inspect('a whole life');
}

async function statusOf(address) {
  const visitor = await (await stage.newContext()).newPage();
  const answer = await visitor.goto(address);
  await visitor.context().close();
  return answer.status();
}

async function say(page, text) {
  const composer = page.getByLabel('Message AIPress');
  await page.getByRole('button', { name: 'Send' }).waitFor();
  await composer.fill(text);
  await composer.press('Enter');
}

/** Says it, and waits for the answer to be whole. */
async function replyTo(page, text) {
  const answers = page.getByRole('article');
  const before = await answers.count();
  await say(page, text);
  await answers.nth(before).waitFor();
  await page.getByRole('button', { name: 'Send' }).waitFor();
  return answers.nth(before);
}
