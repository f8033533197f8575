// Cards and lists of sites, and the way into WordPress: a tab opened during the press, sent on when the link is there.

import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { AdminCard, SiteCard } from '@/features/sites/SiteCards';
import { SitesList } from '@/features/sites/SitesList';
import { type Fake, openStage, show, showLinked, signIn } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0 });
  await signIn(fake);
});
afterAll(() => fake.close());

const ownOpen = window.open;
afterEach(() => {
  window.open = ownOpen;
});

/** Stands in for the tab a browser would open, which this document has none of. */
function browserTab(isBlocked = false) {
  const tab = { opener: window, document: { title: '' }, went: [] as string[], closed: false };
  const handle = { ...tab, location: { replace: (url: string) => tab.went.push(url) }, close: () => {} };
  const order: string[] = [];
  window.open = () => {
    order.push(`opened with ${fake.world.adminLinks.size} links`);
    return isBlocked ? null : (handle as unknown as Window);
  };
  return { tab, handle, order };
}

it('an empty list offers to make the first site', async () => {
  showLinked(<SitesList create={<a href="/">Create with chat</a>} />);
  expect(await screen.findByRole('link', { name: 'Create with chat' })).toBeTruthy();
});

it('a list shows each site with its state and address', async () => {
  fake.world.createSite('Sunrise Bakery');
  fake.world.createSite('Blue Whale');
  showLinked(<SitesList create={null} />);
  expect(await screen.findByText('Sunrise Bakery')).toBeTruthy();
  expect(screen.getAllByText('Live')).toHaveLength(2);
  expect(screen.getByRole('link', { name: /blue-whale\.localhost/ })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'WP Admin of Blue Whale' })).toBeTruthy();
});

it('a card of one site reads the site itself', async () => {
  show(<SiteCard tenant="sunrise-bakery" />);
  expect(await screen.findByRole('link', { name: 'Open site' })).toBeTruthy();
});

it('a card of a site that is gone says so', async () => {
  show(<SiteCard tenant="never-was" />);
  expect((await screen.findByRole('alert')).textContent).toContain('does not exist any more');
});

it('WP Admin opens the tab during the press, cuts the way back, then sends it to the link', async () => {
  const { tab, handle, order } = browserTab();
  show(<AdminCard tenant="sunrise-bakery" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Open WP Admin' }));
  expect(order).toEqual(['opened with 0 links']);
  await waitFor(() => expect(tab.went[0]).toContain('http://sunrise-bakery.localhost'));
  expect(handle.opener).toBeNull();
});

it('WP Admin offers a link when the browser blocks the tab', async () => {
  browserTab(true);
  show(<AdminCard tenant="sunrise-bakery" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Open WP Admin' }));
  const link = await screen.findByRole('link', { name: /Open it here/ });
  expect(link.getAttribute('rel')).toBe('noopener noreferrer');
});

it('WP Admin says why when there is no link', async () => {
  const { tab } = browserTab();
  show(<AdminCard tenant="sunrise-bakery" />);
  await screen.findByRole('heading', { name: 'WP Admin of Sunrise Bakery' });
  const button = screen.getByRole('button', { name: 'Open WP Admin' });
  const tenants = fake.world.tenants;
  fake.world.tenants = [];
  await userEvent.click(button);
  expect((await screen.findByRole('alert')).textContent).toBe('No such site.');
  fake.world.tenants = tenants;
  expect(tab.went).toEqual([]);
});
