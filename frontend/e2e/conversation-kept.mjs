// A conversation as a whole, played: renamed on the spot, shared by a link, read by a stranger, and deleted with its link.

import { equal, truth } from './stage.mjs';

export async function renameConversation(stage, title) {
  const { page } = stage;
  await stage.claim('a conversation is renamed on the spot', async () => {
    await choose(page, 'Rename');
    await page.getByLabel('Title of the conversation').fill(title);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  });
}

/** The link. */
export async function shareConversation(stage) {
  const { page } = stage;
  let link = '';
  await stage.must('a link is made, to be copied', async () => {
    await choose(page, 'Share…');
    const dialog = page.getByRole('dialog', { name: 'Share this conversation' });
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    link = await dialog.getByLabel('Link', { exact: true }).inputValue();
    truth(link.startsWith(`${stage.url}/shared/`), `the link is ${link}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.url });
    await dialog.getByRole('button', { name: 'Copy the link' }).click();
    await dialog.getByRole('button', { name: 'Copied the link' }).waitFor();
    equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  });
  await stage.inspect('sharing a conversation');
  await page.keyboard.press('Escape');
  await page.getByText('Shared', { exact: true }).waitFor();
  return link;
}

export async function readAsStranger(stage, link, { said, never }) {
  const stranger = await stage.newPerson();
  await stage.claim('whoever has the link reads the words, and can press nothing', async () => {
    const answer = await stranger.goto(link);
    truth(answer.headers()['x-robots-tag']?.includes('noindex'), 'it may be listed');
    await stranger.getByText(said).waitFor();
    await stranger.getByText('Here stood a plan').waitFor();
    equal(await stranger.getByRole('button').count(), 0);
    equal(await stranger.getByRole('textbox').count(), 0);
    truth(!never.test(await stranger.content()), 'there is an id on the page');
    equal(await stranger.context().cookies(), []);
  });
  await stage.inspect('a shared conversation', stranger);
  await stranger.context().close();
}

export async function deleteConversation(stage, link) {
  const { page } = stage;
  await stage.claim('a deleted conversation is gone, and its link shows nothing', async () => {
    const address = page.url();
    await choose(page, 'Delete…');
    const dialog = page.getByRole('dialog', { name: 'Delete this conversation?' });
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(`${stage.url}/`);
    await page.goto(address);
    await page.getByText('This conversation does not exist.').waitFor();
    const stranger = await stage.newPerson();
    await stranger.goto(link);
    await stranger.getByRole('heading', { name: 'This link shows nothing' }).waitFor();
    await stranger.context().close();
  });
}

async function choose(page, item) {
  await page.getByRole('button', { name: /^More about/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
}
