// The log as an admin reads it: everything of the story is in it, it is whole, and all of it can be taken along.

import { readFileSync } from 'node:fs';
import { lookOver, reachAll } from './look.mjs';
import { equal, truth } from './stage.mjs';

export async function readLog(stage, { id, email }) {
  const { page } = stage;
  const told = [
    `signed ${email} out everywhere`,
    `reactivated ${email}`,
    `suspended ${email}`,
    `made ${email} a tenant`,
    `made ${email} an admin`,
    `added ${email} as a tenant`,
  ];
  await stage.claim('the log tells what was done to a person, newest first', async () => {
    await page.goto(`${stage.url}/admin/audit?subject=${id}`);
    await page.getByText(told.at(-1)).waitFor();
    const rows = await page.getByRole('list', { name: 'Entries' }).locator('summary').allInnerTexts();
    const found = told.map((sentence) => rows.findIndex((row) => row.includes(sentence)));
    truth(!found.includes(-1), `missing: ${told.filter((_, place) => found[place] === -1)}; there is: ${rows}`);
    equal(
      found,
      [...found].sort((a, b) => a - b),
    );
  });
  await stage.claim('and that it is whole', async () => {
    await page.getByText('The log is intact').waitFor();
  });
  await stage.claim('the exact record is a key press away', async () => {
    const entry = page.locator('summary', { hasText: `suspended ${email}` });
    await entry.focus();
    await page.keyboard.press('Enter');
    await page.locator('details[open]').getByText('CHANGE_USER', { exact: true }).waitFor();
  });
  await reachAll(stage, 'an exact record');
  await lookOver(stage, 'an exact record');
  await narrowDown(stage, id, told.at(-1));
  await takeAlong(stage, email);
}

async function narrowDown(stage, id, oldest) {
  const { page } = stage;
  await stage.claim('filters stand in the address and go together', async () => {
    await page.getByLabel('What was done').selectOption('Users changed');
    await page.waitForURL(
      (url) => url.searchParams.get('action') === 'CHANGE_USER' && url.searchParams.get('subject') === id,
    );
    await page.getByText(oldest).waitFor({ state: 'detached' });
    await page.getByRole('textbox', { name: 'By whom' }).fill('nobody@example.com');
    await page.getByText('Nothing in the log matches').waitFor();
  });
  await lookOver(stage, 'nothing in the log');
}

async function takeAlong(stage, email) {
  const { page } = stage;
  await stage.claim('what is filtered is exported, and no cell of it is a formula', async () => {
    await page.goto(`${stage.url}/admin/audit?actor=${encodeURIComponent(email)}`);
    const list = page.getByRole('list', { name: 'Entries' });
    await list.waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const file = readFileSync(await (await downloading).path(), 'utf8');
    const [header, ...rows] = file.replace('\uFEFF', '').trimEnd().split('\r\n');
    equal(header, 'number,at,actor_kind,actor_email,actor_id,action,subject,detail,id,seal');
    equal(rows.length, await list.getByRole('listitem').count());
    truth(
      rows.every((row) => row.includes(`,'${email},`)),
      `the address can be run as a formula: ${rows[0]}`,
    );
  });
}
