// What a site's owner and an admin see of its running: an alert that opens while they look, costs that add up, a budget that is crossed,
// and advice. Needs a platform with a site whose visitors get errors and one that is advised about: AIPRESS_URL, AIPRESS_LINK,
// AIPRESS_OPERATOR (the operator's token, to read caught mail), BROKEN and GROWN (the sites' slugs), ADVICE (what the terminal says of
// the second, JSON), SINCE (when it began: older mail is not meant), ARTIFACTS.

import { pressOn, tabTo } from './keys.mjs';
import { lookOver, reachAll } from './look.mjs';
import { seeAlert, seeAlertAsAdmin } from './operations-alerts.mjs';
import { arrived, billionths, cardOf, count, money, nano, opened, read, short, table } from './operations-reading.mjs';
import { equal, Stage, truth } from './stage.mjs';

const { AIPRESS_URL = 'http://localhost:8080', AIPRESS_LINK, AIPRESS_OPERATOR } = process.env;
const { BROKEN, GROWN, ADVICE, ARTIFACTS = 'artifacts/operations' } = process.env;
if (!AIPRESS_LINK || !AIPRESS_OPERATOR || !ADVICE)
  throw new Error('a link, the operator’s token and advice are needed');

const SMALL = '0.0001';
const COUNTS = 60;
const advice = JSON.parse(ADVICE);
const stage = new Stage({ url: AIPRESS_URL, artifacts: ARTIFACTS });

await stage.play(async (page) => {
  const watching = await arrive(page);
  await seeCosts(page);
  await seeAdvice(page);
  await setBudget(page);
  await crossBudget(page);
  await seeAllCosts(page);
  await seeAlert(stage, watching, BROKEN);
  await seeAlertAsAdmin(stage, page, BROKEN);
});

/** The page of the broken site stays open from here on; resolves with it. */
async function arrive(page) {
  const watching = await stage.context.newPage();
  await stage.must('whoever signs in opens the page of a site, and leaves it open', async () => {
    await page.goto(AIPRESS_LINK);
    await page.waitForURL(`${stage.url}/`);
    await watching.goto(`${stage.url}/sites/${BROKEN}`);
    await watching.getByRole('heading', { name: 'Latest' }).waitFor();
    await page.bringToFront();
  });
  return watching;
}

async function seeCosts(page) {
  const { bills } = await opened(stage, page, `/sites/${GROWN}/costs`, `/api/tenants/${GROWN}/billing`);
  const [bill] = bills;
  await stage.must('a site’s costs are the ones that were counted, in all, by service and by day', async () => {
    equal(await cardOf(page, 'This month so far'), money(bill.month_to_date));
    const services = bill.by_service.map(({ service, amount }) => [service, money(amount)]);
    equal(await table(page, 'By service'), services);
    const days = (await table(page, 'By day')).map(([, amount]) => amount);
    equal(
      days,
      bill.by_day.map(({ amount }) => money(amount)),
    );
  });
  await stage.claim('its services add up to the whole, and so do its days', () => {
    equal(billionths(bill.by_service), nano(bill.month_to_date));
    equal(billionths(bill.by_day), nano(bill.month_to_date));
  });
  await reachAll(stage, 'costs of a site');
  await lookOver(stage, 'costs of a site');
}

async function seeAdvice(page) {
  const card = page.getByRole('group', { name: `What could cost less on ${advice.name}` });
  await stage.claim('advice is what the terminal says, word for word, with each saving', async () => {
    truth(advice.items.length > 1, 'nothing was advised');
    const told = await card.locator('ul > li > p').allTextContents();
    equal(
      told.map((text) => text.trim()),
      advice.items.map(({ text, saving }) => `${text} That saves ${money(saving)} a month.`),
    );
  });
  await stage.claim('by keyboard it is asked how that is known, and the figures are the terminal’s', async () => {
    await page.reload();
    await card.waitFor();
    await pressOn(page, 'How do we know?');
    const figures = advice.items[0].figures.map(({ value, unit }) => `${short(value)} ${unit}`);
    equal(await card.locator('details[open] dd').allTextContents(), figures);
  });
  await card.scrollIntoViewIfNeeded();
  await stage.inspect('advice and how it is known');
}

async function setBudget(page) {
  await opened(stage, page, `/sites/${BROKEN}/costs`, `/api/tenants/${BROKEN}/billing`);
  await stage.claim('a site that is new is too young for advice, and says so', () =>
    page.getByText('It is too early to say').waitFor(),
  );
  await stage.must('a budget is set by keyboard', async () => {
    await pressOn(page, 'Set a budget');
    await page.getByLabel('Budget a month, in USD').waitFor();
    await page.keyboard.type('20');
    await tabTo(page, 'Tell the owner at');
    await page.keyboard.type('50, none');
    await page.getByText('Up to five whole numbers from 1 to 1000').waitFor();
    await page.locator('form').scrollIntoViewIfNeeded();
    await stage.inspect('a budget with a threshold that is no number');
    await page.getByLabel('Tell the owner at').fill('50, 100');
    await page.keyboard.press('Enter');
    await page.getByText('The budget is set.').first().waitFor();
  });
  await stage.claim('it is still there after a reload, with what of it is spent', async () => {
    const { budget } = await opened(stage, page, `/sites/${BROKEN}/costs`, `/api/tenants/${BROKEN}/billing`);
    equal([budget.amount, budget.thresholds], ['20.00', [50, 100]]);
    await page.getByText(`${budget.spent_percent} % of $20.00 a month is spent. Mail goes out at 50 %.`).waitFor();
  });
  await page.getByRole('heading', { name: 'Budget' }).scrollIntoViewIfNeeded();
  await stage.inspect('a budget that is set');
}

async function crossBudget(page) {
  await stage.must('counted now, the site has cost more than nothing', () => costs(page, SMALL));
  await stage.must('it is made smaller than what the site has cost', async () => {
    await page.getByRole('button', { name: 'Change the budget' }).click();
    await page.getByLabel('Budget a month, in USD').fill(SMALL);
    await page.keyboard.press('Enter');
    await page.getByText(/% of \$0\.0001 a month is spent\. (Mail of that goes out|Its owner has mail)/).waitFor();
  });
  await stage.must('counted again, its owner has mail that says so with amounts', async () => {
    const mail = await arrived(stage, "Candle Shop: 100 % of this month's budget", () => count(page));
    truth(/has cost 0\.00\d*[1-9]\d* USD this month/.test(mail.text), mail.text);
    truth(mail.text.includes(`Its budget is ${SMALL} USD`), mail.text);
    truth(mail.text.includes('Nothing was stopped'), mail.text);
  });
  await stage.claim('and the page says how much is spent, and that it was told', async () => {
    const { budget } = await opened(stage, page, `/sites/${BROKEN}/costs`, `/api/tenants/${BROKEN}/billing`);
    truth(budget.spent_percent >= 100, `${budget.spent_percent} % is spent`);
    await page
      .getByText(`${budget.spent_percent} % of $0.0001 a month is spent. Its owner has mail of that.`)
      .waitFor();
    await page.getByText('This month’s budget is used up.').waitFor();
  });
  await reachAll(stage, 'a budget that is crossed');
  await lookOver(stage, 'a budget that is crossed');
}

/** Lets costs be counted until the broken site has cost that much. */
async function costs(page, amount) {
  for (let tries = 0; tries < COUNTS; tries += 1) {
    await count(page);
    const { bills } = await read(page, `/api/tenants/${BROKEN}/billing`);
    if (Number(bills[0]?.month_to_date) >= Number(amount)) return;
    await page.waitForTimeout(1000);
  }
  throw new Error(`it never cost ${amount}`);
}

async function seeAllCosts(page) {
  const { bills, budgets } = await opened(stage, page, '/admin/costs', '/api/billing');
  const [bill] = bills;
  await stage.must('what all sites cost is shown as it was counted', async () => {
    equal(await cardOf(page, 'This month so far'), money(bill.total));
    equal(await cardOf(page, 'Nobody’s'), money(bill.unallocated));
    equal(
      (await table(page, 'By site')).map(([, amount]) => amount),
      bill.sites.map(({ amount }) => money(amount)),
    );
    for (const slug of [BROKEN, GROWN])
      await page
        .getByRole('cell', { name: new RegExp(`\\(${slug}\\)$`) })
        .first()
        .waitFor();
  });
  await stage.claim('sites and nobody’s add up to the whole, and so do services and days', () => {
    equal(billionths(bill.sites) + nano(bill.unallocated), nano(bill.total));
    equal(billionths(bill.by_service), nano(bill.total));
    equal(billionths(bill.by_day), nano(bill.total));
  });
  await seeBudgets(page, budgets);
  await stage.claim('what could cost less is named with its site and sum', async () => {
    await page.getByRole('heading', { name: `Photo Archive (${GROWN})` }).waitFor();
    await page.getByText(advice.items[0].text).first().waitFor();
    const all = advice.items.reduce((sum, { saving }) => sum + Number(saving), 0);
    await page.getByText(`${money(all)} a month in all.`).waitFor();
  });
  await reachAll(stage, 'costs of all sites');
  await lookOver(stage, 'costs of all sites');
}

async function seeBudgets(page, budgets) {
  await stage.claim('budgets are listed with what is spent of each, the fullest first', async () => {
    truth(
      budgets.some(({ slug, spent_percent }) => slug === BROKEN && spent_percent >= 100),
      'the crossed one is not there',
    );
    equal(
      await table(page, 'Budgets'),
      budgets.map(({ name, slug, amount, spent_percent }) => [
        `${name} (${slug})`,
        money(amount),
        `${spent_percent} %`,
      ]),
    );
    const spent = budgets.map(({ spent_percent }) => spent_percent);
    equal(
      spent,
      spent.toSorted((one, other) => other - one),
    );
  });
}
