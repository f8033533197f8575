// Around a site, played: the list with its search and menu, the home page that knows it, and what was done.

import { equal, truth } from './stage.mjs';

export async function searchAndAsk(stage, { name, slug }) {
  const { page } = stage;
  await stage.claim('the list finds a site by its address, and keeps the search in its own', async () => {
    await page.goto(`${stage.url}/sites`);
    await page.getByLabel('Search sites').fill('zoes');
    await page.waitForURL(/q=zoes/);
    await page.getByRole('link', { name, exact: true }).waitFor();
    await page.getByLabel('Search sites').fill('nothing like it');
    await page.getByText('No site has “nothing like it”').waitFor();
    await stage.inspect('a search that finds nothing');
    await page.getByRole('button', { name: 'Show all sites' }).click();
    await page.getByRole('link', { name, exact: true }).waitFor();
  });
  await stage.inspect('sites');
  await stage.claim('a menu by keyboard leads to the chat, with the site mentioned', async () => {
    await page.getByRole('button', { name: `More about ${name}` }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Ask about this site' }).waitFor();
    await stage.inspect('the menu of a site');
    await page.getByRole('menuitem', { name: 'Ask about this site' }).click();
    await page.waitForURL(/about=/);
    await page.waitForFunction((text) => document.querySelector('#composer')?.value === text, `@${slug} `);
  });
  await stage.claim('the home page suggests from how the sites are', async () => {
    await page.getByRole('button', { name: `Open WP Admin of ${name}` }).waitFor();
    equal(await page.getByRole('list', { name: 'Suggestions' }).getByRole('button').count(), 4);
  });
  await stage.inspect('the home page, about a site');
  await stage.claim('a question that waits for an answer stands out on the home page', async () => {
    await page.getByLabel('Message AIPress').fill(`delete the site ${slug}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Delete “${name}”` }).waitFor();
    await page.goto(stage.url);
    await page.getByRole('region', { name: 'Needs you' }).getByText('Waits for your answer').first().waitFor();
  });
  await stage.inspect('the home page, with a question that waits');
}

export async function lookAtActivity(stage, { name, slug, other }) {
  const { page } = stage;
  const said = [
    `You deleted ${name}`,
    `You shared ${name} with ${other}`,
    `You set STRIPE_API_KEY of ${name}`,
    `You renamed “${name}” to Zoë’s Bar`,
    `You created ${name}`,
    `${other} renamed “${name}” to ${name} 2`,
  ];
  await stage.claim('activity shows all of it', async () => {
    await page.goto(`${stage.url}/activity?site=${slug}`);
    await page.getByRole('heading', { name: 'Today' }).waitFor();
    for (const sentence of said)
      await page.getByRole('listitem').getByText(sentence, { exact: true }).first().waitFor();
  });
  await stage.inspect('activity of a site');
  await stage.claim('it is filtered by what was done, in the address, and Back takes that back', async () => {
    await page.getByLabel('What').selectOption({ label: 'Renamed' });
    await page.waitForURL(/action=RENAME_SITE/);
    await page.waitForFunction(() => document.querySelectorAll('main li').length === 4);
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll('main li').length > 6);
    truth(!page.url().includes('action='), `the address is ${page.url()}`);
  });
  await page.goto(`${stage.url}/activity`);
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  await stage.inspect('activity');
}
