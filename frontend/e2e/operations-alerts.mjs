// An alert as it opens: seen by itself on the page of its site, in its owner's mail and among an admin's, said to be seen, and explained.

import { pressOn } from './keys.mjs';
import { lookOver } from './look.mjs';
import { arrived } from './operations-reading.mjs';
import { equal, truth } from './stage.mjs';

const ALERT_MS = 180_000;

/** On the page of the site, which stays open; it is not loaded anew. */
export async function seeAlert(stage, page, slug) {
  await page.bringToFront();
  const alert = page.getByRole('region', { name: 'Alerts' }).getByRole('listitem').filter({ hasText: 'Many errors' });
  await stage.must('the page that was left open says by itself that there are many errors', () =>
    alert.getByText('of requests failed with an error of the server').waitFor({ timeout: ALERT_MS }),
  );
  await stage.claim('its figure is the one that was measured', async () => {
    const answer = page.waitForResponse((one) => new URL(one.url()).pathname === `/api/tenants/${slug}/alerts`);
    await page.reload();
    const { items } = await (await answer).json();
    const [{ text, state, value, bound }] = items.filter((one) => one.kind === 'error_rate');
    equal(state, 'open');
    truth(value >= bound, `${value} is not ${bound}`);
    await alert.getByText(text).waitFor();
  });
  await lookOver(stage, 'an alert of a site', page);
  await stage.claim('its owner has mail of it', async () => {
    const mail = await arrived(stage, 'Candle Shop: Many errors');
    truth(mail.text.includes('of requests failed'), mail.text);
    truth(mail.text.includes(`/sites/${slug}`), mail.text);
  });
}

export async function seeAlertAsAdmin(stage, page, slug) {
  await page.bringToFront();
  const alert = page.getByRole('listitem').filter({ hasText: 'Candle Shop: Many errors' });
  await stage.claim('an admin sees it among all that are open', async () => {
    await page.goto(`${stage.url}/admin`);
    await alert.waitFor();
  });
  await stage.inspect('alerts of all sites');
  await stage.claim('by keyboard it is said to be seen, and everybody reads by whom', async () => {
    await pressOn(page, 'I have seen: Many errors');
    await alert.getByText('Seen by admin@localhost').waitFor();
    equal(await alert.getByRole('button').count(), 0);
    await page.goto(`${stage.url}/sites/${slug}`);
    await page.getByText('Seen by admin@localhost').waitFor();
    await page.getByText('You saw an alert of').waitFor();
  });
  await stage.inspect('an alert that was seen');
  await findOutWhy(stage, page);
}

async function findOutWhy(stage, page) {
  await stage.claim('one press from it the cause is found: the plugin, by name', async () => {
    await page.getByRole('link', { name: 'Find out why' }).click();
    await page.waitForURL(/\/diagnosis/);
    await page
      .getByText(/price-table/)
      .first()
      .waitFor();
  });
  await stage.inspect('why there were errors');
}
