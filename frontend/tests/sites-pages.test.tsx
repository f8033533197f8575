// The pages of sites: the list and its search, making one, its own pages, renaming with the way back, and deleting by plan.

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { toasts } from '@/lib/toast';
import { type Fake, openStage, signIn, visit } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0 });
  await signIn(fake);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.world.tenants = [];
  fake.world.deeds = [];
  fake.world.operations.clear();
});
afterEach(() => toasts.set([]));

const heading = (name: string) => screen.findByRole('heading', { level: 1, name });

it('offers both ways to the first site, and no search over nothing', async () => {
  visit('/sites');
  expect((await screen.findByRole('link', { name: 'Create with form' })).getAttribute('href')).toBe('/create');
  expect(screen.getByRole('link', { name: 'Create with chat' }).getAttribute('href')).toBe('/');
  expect(screen.queryByLabelText('Search sites')).toBeNull();
});

it('keeps what is searched for in the address, and says when nothing has it', async () => {
  fake.world.createSite('Sunrise Bakery');
  fake.world.createSite('Blue Whale');
  const { router } = visit('/sites');
  await userEvent.type(await screen.findByLabelText('Search sites'), 'whale');
  await waitFor(() => expect(router.state.location.search).toEqual({ q: 'whale' }));
  await waitFor(() => expect(screen.queryByText('Sunrise Bakery')).toBeNull());
  expect(screen.getByText('Blue Whale')).toBeTruthy();
  await userEvent.type(screen.getByLabelText('Search sites'), ' shark');
  expect(await screen.findByText(/No site has “whale shark”/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Show all sites' }));
  expect(await screen.findByText('Sunrise Bakery')).toBeTruthy();
  expect(router.state.location.search).toEqual({});
});

it('makes a free site by form and watches it on its own page', async () => {
  const { router } = visit('/create');
  await userEvent.type(await screen.findByLabelText('Name'), 'Zoë’s Café');
  expect(screen.getByText(/^zoes-cafe\.localhost/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Create site' }));
  expect(await heading('Zoë’s Café')).toBeTruthy();
  expect(router.state.location.pathname).toMatch(/^\/sites\//);
});

it('says at once what a name can’t be', async () => {
  fake.world.createSite('Sunrise Bakery');
  visit('/create');
  const name = await screen.findByLabelText('Name');
  await userEvent.type(name, 'Rock <b>');
  expect(screen.getByText(/can't have the character “<”/)).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Create site' }).disabled).toBe(true);
  await userEvent.clear(name);
  await userEvent.type(name, 'sunrise bakery');
  expect(await screen.findByText(/You have a site at “sunrise-bakery” already/)).toBeTruthy();
});

it('shows the plan of a size that costs, and makes nothing when it is left', async () => {
  visit('/create');
  await userEvent.type(await screen.findByLabelText('Name'), 'Big Shop');
  await userEvent.click(await screen.findByLabelText(/Standard/));
  await userEvent.click(screen.getByRole('button', { name: 'See the plan' }));
  const dialog = await screen.findByRole('dialog', { name: 'Create “Big Shop” on the standard tier' });
  expect(within(dialog).getByText('$9.00 / month')).toBeTruthy();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(fake.world.tenants).toEqual([]);
  await waitFor(() => expect([...fake.world.plans.values()].at(-1)?.state).toBe('withdrawn'));
});

it('says where a site runs', async () => {
  fake.world.createSite('Blog');
  visit('/sites/blog');
  expect((await screen.findByText('Runs on')).nextSibling?.textContent).toBe('this machine');
});

it('clears the page cache from the settings, and says so', async () => {
  fake.world.createSite('Warm Loaf');
  await waitFor(() => expect(fake.world.stateOf(fake.world.tenants[0])).toBe('live'));
  visit('/sites/warm-loaf/settings');
  await userEvent.click(await screen.findByRole('button', { name: 'Clear cache' }));
  expect(await screen.findByText('The cache of Warm Loaf is cleared.')).toBeTruthy();
  expect(fake.world.deeds[0]?.action).toBe('PURGE_CACHE');
});

it('renames on the spot, and back from the toast', async () => {
  fake.world.createSite('Blog');
  visit('/sites/blog');
  await userEvent.click(await screen.findByRole('button', { name: 'Rename Blog' }));
  const field = screen.getByLabelText('Name of the site');
  await userEvent.clear(field);
  await userEvent.type(field, 'Journal{Enter}');
  expect(await heading('Journal')).toBeTruthy();
  await waitFor(() => expect(fake.world.tenants[0]?.name).toBe('Journal'));
  const toast = within(await screen.findByRole('region', { name: 'Notifications' }));
  await userEvent.click(await toast.findByRole('button', { name: 'Undo' }));
  expect(await heading('Blog')).toBeTruthy();
  expect(fake.world.tenants[0]?.name).toBe('Blog');
});

it('takes a name back that was refused, and says why', async () => {
  fake.world.createSite('Blog');
  visit('/sites/blog');
  await userEvent.click(await screen.findByRole('button', { name: 'Rename Blog' }));
  await userEvent.clear(screen.getByLabelText('Name of the site'));
  await userEvent.type(screen.getByLabelText('Name of the site'), 'Refused{Enter}');
  expect(await screen.findByText('Blog keeps its name. That name is refused.')).toBeTruthy();
  expect(await heading('Blog')).toBeTruthy();
});

it('leaves the name alone on Escape', async () => {
  fake.world.createSite('Blog');
  visit('/sites/blog');
  await userEvent.click(await screen.findByRole('button', { name: 'Rename Blog' }));
  await userEvent.type(screen.getByLabelText('Name of the site'), 'Never{Escape}');
  expect(await heading('Blog')).toBeTruthy();
  expect(fake.world.tenants[0]?.name).toBe('Blog');
});

it('deletes by plan and typed name, and then shows what removed the site', async () => {
  fake.world.createSite('Short Lived');
  visit('/sites/short-lived/settings');
  await userEvent.click(await screen.findByRole('button', { name: 'Delete this site' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Delete Short Lived' }));
  expect(dialog.getByText('Its database and 3 files')).toBeTruthy();
  const yes = dialog.getByRole<HTMLButtonElement>('button', { name: 'Delete site' });
  expect(yes.disabled).toBe(true);
  await userEvent.type(dialog.getByLabelText('Type short-lived to confirm'), 'short-lived');
  await new Promise((settled) => setTimeout(settled, 450));
  await userEvent.click(yes);
  expect(await screen.findByRole('heading', { name: 'Short Lived is deleted' })).toBeTruthy();
});

it('says of a site that never was that there is none', async () => {
  visit('/sites/never-was');
  expect(await screen.findByText(/There is no site “never-was”/)).toBeTruthy();
});

it.each([
  ['logs', 'Nothing was written'],
  ['metrics', 'Pages from the cache'],
  ['costs', 'Costs are counted every hour.'],
  ['backups', 'No backups are made yet'],
  ['staging', 'There is no staging copy'],
  ['domains', 'No domain of your own'],
])('has a page for %s that says what is so', async (tab, truth) => {
  fake.world.createSite('Blog');
  visit(`/sites/blog/${tab}`);
  expect(await screen.findByText(truth)).toBeTruthy();
  expect(screen.getByRole('link', { name: new RegExp(tab, 'i'), current: 'page' })).toBeTruthy();
});

it('shows what a site cost, where the month will end, and why it changed', async () => {
  fake.world.createSite('Blog');
  visit('/sites/blog/costs');
  expect(within(await screen.findByRole('region', { name: 'This month so far' })).getByText('$4.60')).toBeTruthy();
  expect(within(screen.getByRole('region', { name: 'Forecast' })).getByText('$9.50')).toBeTruthy();
  expect(screen.getByText('$1.60 more than in the first 11 days of the month before')).toBeTruthy();
  expect(screen.getByText(/from 0.30 to 0.50 month/)).toBeTruthy();
  expect(within(screen.getByRole('table', { name: 'By service' })).getByText('Hosting')).toBeTruthy();
});

it('shows no figure of a site of which nothing is counted yet', async () => {
  fake.world.createSite('Quiet');
  visit('/sites/quiet/costs');
  expect(await screen.findByText('Nothing is counted for this month yet')).toBeTruthy();
  expect(screen.queryByText(/\$/)).toBeNull();
});

it('sets, replaces and removes an environment variable, whose value stays nowhere on the page', async () => {
  fake.world.createSite('Blog');
  const { container, queryClient } = visit('/sites/blog/settings');
  await userEvent.click(await screen.findByRole('button', { name: 'Add a variable' }));
  const form = within(screen.getByRole('region', { name: 'New environment variable' }));
  await userEvent.type(form.getByLabelText('Name'), 'stripe key');
  await userEvent.type(form.getByLabelText('Value'), 'sk_live_0123456789abcd');
  await userEvent.click(form.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText(/ends in abcd/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Replace STRIPE_KEY' }));
  await userEvent.type(screen.getByLabelText('New value of STRIPE_KEY'), 'sk_live_9876543210wxyz');
  await userEvent.click(screen.getByRole('button', { name: 'Replace' }));
  expect(await screen.findByText(/ends in wxyz/)).toBeTruthy();
  expect(container.innerHTML).not.toContain('sk_live');
  const kept = [queryClient.getQueryCache().getAll(), queryClient.getMutationCache().getAll()].flat();
  await waitFor(() => expect(JSON.stringify(kept.map(({ state }) => state))).not.toContain('9876543210'));
  await userEvent.click(screen.getByRole('button', { name: 'Remove STRIPE_KEY' }));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
  expect(await screen.findByText('None are set.')).toBeTruthy();
});

it('shares a site with somebody, and takes them off it again', async () => {
  fake.world.createSite('Blog');
  visit('/sites/blog/settings');
  const email = await screen.findByLabelText('Share with');
  await userEvent.type(email, 'nonsense{Enter}');
  expect(await screen.findByText('That is not an e-mail address.')).toBeTruthy();
  await userEvent.clear(email);
  await userEvent.type(email, 'bea@example.com{Enter}');
  const people = within(await screen.findByRole('list', { name: 'People' }));
  expect(await people.findByText('bea@example.com')).toBeTruthy();
  await userEvent.click(people.getByRole('button', { name: 'Remove bea@example.com' }));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(people.queryByText('bea@example.com')).toBeNull());
});

it('tells a member whom to ask for what only the owner may, and offers nothing that would be refused', async () => {
  fake.world.createSite('Blog');
  fake.world.access = 'member';
  visit('/sites/blog/settings');
  expect(await screen.findByText('Only the owner can delete it. Ask ada@example.com.')).toBeTruthy();
  expect(screen.getByText('Only the owner can see and set them. Ask ada@example.com.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Delete this site' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'WP Admin' })).toBeNull();
  expect(screen.queryByLabelText('Share with')).toBeNull();
  expect(screen.getByLabelText('Site name')).toBeTruthy();
  fake.world.access = 'owner';
});

it('lets a member leave, after asking once more', async () => {
  fake.world.createSite('Blog');
  fake.world.access = 'member';
  const { router } = visit('/sites/blog/settings');
  await userEvent.click(await screen.findByRole('button', { name: 'Leave Blog' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Leave Blog?' }));
  await userEvent.click(dialog.getByRole('button', { name: 'Leave' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/sites'));
  expect(await screen.findByText('No sites yet')).toBeTruthy();
  fake.world.access = 'owner';
});
