// The log of a site: its lines as they come, what of them is shown, one in full, and all of its request.

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { askedOf, understood } from '@/features/logs/filters';
import { write } from '../e2e/fake/lines.mjs';
import { type Fake, openStage, signIn, visit } from './stage';

let fake: Fake;
beforeAll(async () => {
  // Rows are drawn for as much as is to be seen, and this document has no size of its own.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 });
  fake = await openStage({ pace: 0 });
  await signIn(fake);
});
afterAll(async () => {
  fake.world.isTelling = false;
  Reflect.deleteProperty(HTMLElement.prototype, 'clientHeight');
  await fake.close();
});
beforeEach(() => {
  fake.world.tenants = [];
  fake.world.lines.clear();
  fake.world.createSite('Blog');
});
afterEach(() => {
  fake.world.brokenLogs = false;
});

const log = () => screen.findByRole('listbox', { name: 'Lines of the log' });
const lines = async () => within(await log()).findAllByRole('option');

it('shows lines oldest first, counts them, and adds what comes in', async () => {
  write(fake.world, 'blog', 3);
  visit('/sites/blog/logs');
  expect((await lines()).map((one) => one.textContent?.slice(8))).toEqual([
    'errorphpUncaught TypeError in plugin-0.php on line 12',
    'infoaccessGET /page-1/ 200',
    'infoaccessGET /page-2/ 200',
  ]);
  expect(await screen.findByRole('img', { name: '3 lines, 1 error' })).toBeTruthy();
  await screen.findByText('Live', { selector: 'span' });
  write(fake.world, 'blog', 1);
  expect(await screen.findByText('GET /page-3/ 200')).toBeTruthy();
});

it('keeps what is looked for in the address', async () => {
  write(fake.world, 'blog', 60);
  const { router } = visit('/sites/blog/logs');
  await lines();
  await userEvent.selectOptions(screen.getByLabelText('Level'), 'error');
  await waitFor(() => expect(router.state.location.search).toEqual({ level: 'error' }));
  await waitFor(async () => expect(await lines()).toHaveLength(2));
  await userEvent.type(screen.getByLabelText('Search the log'), 'plugin-50');
  await waitFor(() => expect(router.state.location.search).toEqual({ level: 'error', q: 'plugin-50' }));
  await waitFor(async () => expect(await lines()).toHaveLength(1));
});

it('shows one line in full, by keyboard, and everything of its request', async () => {
  write(fake.world, 'blog', 4);
  const { router } = visit('/sites/blog/logs');
  await lines();
  (await log()).focus();
  await userEvent.keyboard('{End}{Enter}');
  const line = within(await screen.findByRole('region', { name: /GET \/page-3/ }));
  expect(line.getByText('41.5 ms')).toBeTruthy();
  await userEvent.click(line.getByRole('button', { name: 'Show everything of this request' }));
  await waitFor(() => expect(router.state.location.search).toEqual({ request: 'req1' }));
  expect(await screen.findByText('Everything of request req1')).toBeTruthy();
  await waitFor(async () => expect(await lines()).toHaveLength(2));
  expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
});

it('closes a line on Escape', async () => {
  write(fake.world, 'blog', 2);
  visit('/sites/blog/logs');
  const [first] = await lines();
  await userEvent.click(first as HTMLElement);
  await screen.findByRole('region', { name: /Uncaught/ });
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('region', { name: /Uncaught/ })).toBeNull());
});

it('says that nothing was written, and looks further back', async () => {
  const { router } = visit('/sites/blog/logs');
  expect(await screen.findByText('Nothing was written')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Last 24 hours' }));
  await waitFor(() => expect(router.state.location.search).toEqual({ within: '1d' }));
});

it('says that the log can’t be read, and tries again', async () => {
  fake.world.brokenLogs = true;
  visit('/sites/blog/logs');
  expect(await screen.findByText('The log can’t be read just now')).toBeTruthy();
  fake.world.brokenLogs = false;
  write(fake.world, 'blog', 1);
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await lines()).toHaveLength(1);
});

it('understands of an address what makes sense, and asks for no more', () => {
  const nonsense = { source: 'apache', level: 'loud', within: '9y', since: 'x', until: 'y', request: '../etc' };
  expect(understood(nonsense)).toEqual({});
  const now = Date.parse('2026-11-28T12:00:00Z');
  expect(askedOf({}, now)).toEqual({ since: '2026-11-28T11:00:00.000Z' });
  expect(askedOf({ request: 'r1' }, now)).toEqual({ request_id: 'r1' });
  expect(askedOf({ source: 'php', level: 'error', within: '7d' }, now)).toEqual({
    source: ['php'],
    level: 'error',
    since: '2026-11-21T12:00:00.000Z',
  });
});
