// What the pages of costs and alerts show, read as a person reads it, and what the platform says beside it: answers and caught mail.

import { equal } from './stage.mjs';

const { AIPRESS_OPERATOR, SINCE } = process.env;
const OWNER = 'admin@localhost';
const COUNTS = 30;

/** Opens a page; resolves with what it was answered at this address. */
export async function opened({ url }, page, path, api) {
  const answer = page.waitForResponse((one) => new URL(one.url()).pathname === api);
  await page.goto(`${url}${path}`);
  const told = await (await answer).json();
  await page.getByText('Costs are counted every hour.').waitFor();
  return told;
}

export async function cardOf(page, label) {
  return (await page.getByRole('region', { name: label }).locator('p').first().textContent()).trim();
}

export async function table(page, label) {
  const rows = await page.getByRole('table', { name: label }).locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.getByRole('cell').allTextContents()));
}

/** The mail with this subject, asked for again and again; `between` comes first each time. */
export async function arrived(stage, subject, between = () => undefined) {
  for (let tries = 0; tries < COUNTS; tries += 1) {
    await between();
    const { items } = await caught(stage);
    const found = items.find((one) => one.subject === subject && one.to === OWNER && one.sent_at >= SINCE);
    if (found) return found;
    await stage.page.waitForTimeout(1000);
  }
  throw new Error(`no mail “${subject}” arrived`);
}

/** Lets the platform count costs now, as an admin may. */
export async function count(page) {
  equal(await page.evaluate(async () => (await fetch('/api/billing/counts', { method: 'POST' })).status), 202);
}

async function caught({ page, url }) {
  const headers = { authorization: `Bearer ${AIPRESS_OPERATOR}` };
  return (await page.request.get(`${url}/api/outbox`, { headers })).json();
}

export function read(page, path) {
  return page.evaluate(async (address) => (await fetch(address)).json(), path);
}

export function money(amount) {
  const digits = Number(amount) !== 0 && Math.abs(Number(amount)) < 0.01 ? 4 : 2;
  const options = { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits };
  return new Intl.NumberFormat('en', options).format(Number(amount));
}

export function short(value) {
  return Number(value).toLocaleString('en', { maximumFractionDigits: 2 });
}

/** The sum of amounts, in billionths, of which each is a whole number. */
export function billionths(parts) {
  return parts.reduce((sum, { amount }) => sum + nano(amount), 0);
}

export function nano(amount) {
  return Math.round(Number(amount) * 1e9);
}
