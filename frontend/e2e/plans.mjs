// Deleting, by way of a plan: it changes nothing until a person confirms it, and then does exactly what it said.

import { equal, truth } from './stage.mjs';

export async function planIsOnlyAPlan(stage, name) {
  const { page } = stage;
  await stage.claim('a wish to delete becomes a plan, which waits', async () => {
    await say(page, `delete the site ${name}`);
    await page.getByText('Needs you').waitFor();
    truth(
      await page.getByRole('button', { name: 'Confirm' }).isDisabled(),
      'it can be confirmed without typing the name',
    );
  });
  await stage.inspect('a plan that waits');
  await stage.claim('Cancel leaves everything as it is', async () => {
    await page.waitForTimeout(450);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('You cancelled this. Nothing was changed.').waitFor();
    await page.getByRole('link', { name: 'Open site' }).first().waitFor();
  });
  await stage.inspect('a plan that was cancelled');
}

export async function deleteAnother(stage) {
  const { page } = stage;
  const name = `Short Lived ${Date.now().toString(36)}`;
  let home = '';
  await stage.claim('a second site is made in the same conversation', async () => {
    const links = page.getByRole('link', { name: 'Open site' });
    const before = await links.count();
    await say(page, `create a site called ${name}`);
    await links.nth(before).waitFor();
    home = await links.nth(before).getAttribute('href');
  });
  await stage.claim('a confirmed plan deletes it, and its card says so', async () => {
    await say(page, `delete the site ${name}`);
    const field = page.getByLabel(/^Type .+ to confirm$/);
    await field.fill((await page.locator('label strong').last().innerText()).trim());
    await page.waitForTimeout(450);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: `${name} is deleted` }).waitFor();
  });
  await stage.inspect('a plan that was carried out');
  await stage.claim('from outside there is no such site any more', async () => {
    const visitor = await (await stage.newContext()).newPage();
    const answer = await visitor.goto(home);
    equal(answer.status(), 404);
    await visitor.context().close();
  });
}

async function say(page, text) {
  const composer = page.getByLabel('Message AIPress');
  await page.getByRole('button', { name: 'Send' }).waitFor();
  await composer.fill(text);
  await composer.press('Enter');
}
