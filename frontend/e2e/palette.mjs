// Everything by keyboard: ⌘K finds pages and sites and begins conversations, letters go places, ? lists them all.

import { equal, truth } from './stage.mjs';

export async function findByKeys(stage, name) {
  await findAndAsk(stage, name, async (text) => {
    await stage.page.keyboard.press('Control+k');
    await stage.page.getByRole('dialog', { name: 'Find or ask' }).waitFor();
    await stage.page.keyboard.type(text);
  });
  await goByLetters(stage);
}

async function findAndAsk(stage, name, find) {
  const { page } = stage;
  await stage.claim('⌘K opens a list, and Escape closes it', async () => {
    await find('');
    await page.getByRole('option', { name: 'New site by form' }).waitFor();
    await stage.inspect('the palette');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await stage.claim('a site is found by its name, and a page by its own', async () => {
    await find(name.slice(0, 6).toLowerCase());
    await page.getByRole('option', { name }).first().waitFor();
    await page.keyboard.press('Escape');
    await find('sites');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${stage.url}/sites`);
  });
  await stage.claim('words that name nothing become a question', async () => {
    await find('what can you do');
    const asking = page.getByRole('option', { name: 'Ask: what can you do' });
    await asking.waitFor();
    for (let presses = 0; presses < 9 && !(await isHighlighted(asking)); presses += 1)
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('what can you do', { exact: true }).first().waitFor();
    await page.waitForURL(/\/c\/.+/);
  });
}

async function goByLetters(stage) {
  const { page } = stage;
  await stage.claim('g and a letter go places, but not into what is being written', async () => {
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await page.getByLabel('Message AIPress').fill('');
    await page.keyboard.type('gs');
    equal(await page.getByLabel('Message AIPress').inputValue(), 'gs');
    await page.getByLabel('Message AIPress').fill('');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.type('gs');
    await page.waitForURL(`${stage.url}/sites`);
    await page.keyboard.type('gc');
    await page.waitForURL(`${stage.url}/`);
  });
  await stage.claim('? lists the keys', async () => {
    await page.getByLabel('Message AIPress').waitFor();
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    truth((await page.locator('kbd').count()) > 8, 'hardly any keys are listed');
    await stage.inspect('the keys');
    await page.keyboard.press('Escape');
  });
}

const isHighlighted = (option) => option.evaluate((element) => element.hasAttribute('data-highlighted'));
