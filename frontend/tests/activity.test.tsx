// What was done: sentences, days, filters in the address, the way back; and what the home page suggests.

import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byDay } from '@/features/activity/days';
import { sentenceFor, whoDid } from '@/features/activity/sentences';
import { complaintAbout, slugFrom } from '@/features/sites/slug';
import { textOf } from '@/lib/address';
import { type Fake, openStage, signIn, visit } from './stage';

describe('a page of what was done', () => {
  let fake: Fake;
  beforeAll(async () => {
    fake = await openStage({ pace: 0 });
    await signIn(fake);
    const { tenant } = fake.world.createSite('Blog');
    fake.world.createSite('Shop');
    fake.world.renameSite(tenant, 'Journal');
  });
  afterAll(() => fake.close());

  it('says who did what to which site, newest first', async () => {
    visit('/activity');
    const rows = await screen.findAllByRole('listitem');
    expect(rows.map((row) => row.querySelector('p')?.textContent?.trim())).toEqual([
      'You renamed “Blog” to Journal',
      'You created Shop',
      'You created Blog',
    ]);
    expect(screen.getByRole('heading', { name: 'Today' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Shop' }).getAttribute('href')).toBe('/sites/shop');
  });

  it('keeps its filters in the address, and undoes from the row', async () => {
    const { router } = visit('/activity?site=blog');
    expect(await screen.findAllByRole('listitem')).toHaveLength(2);
    await userEvent.selectOptions(screen.getByLabelText('What'), 'Renamed');
    await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(1));
    expect(router.state.location.search).toEqual({ site: 'blog', action: 'RENAME_SITE' });
    await userEvent.click(await screen.findByRole('button', { name: 'Undo: Call it “Blog” again' }));
    await waitFor(() => expect(fake.world.tenants.at(-1)?.name).toBe('Blog'));
    expect(await screen.findByText('Undone since')).toBeTruthy();
  });

  it('says when nothing was done like that', async () => {
    visit('/activity?who=nobody@example.com');
    expect(await screen.findByText('Nothing found')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Show everything' })).toBeTruthy();
  });
});

it('tells people, AIPress for people, and the operator apart', () => {
  const actor = (kind: string, id: string) => ({ kind, id, email: `${id}@example.com` });
  expect(whoDid(actor('user', 'ada'), 'ada')).toBe('You');
  expect(whoDid(actor('user', 'bob'), 'ada')).toBe('bob@example.com');
  expect(whoDid(actor('agent', 'ada'), 'ada')).toBe('AIPress, for you,');
  expect(whoDid(actor('agent', 'bob'), 'ada')).toBe('AIPress, for bob@example.com,');
  expect(whoDid(actor('operator', ''), 'ada')).toBe('The operator');
});

it('has words even for a deed it was never told of', () => {
  expect(sentenceFor({ action: 'POLISH_THE_BELL', detail: {} })).toEqual({
    before: 'polish the bell',
    site: null,
    after: '',
  });
});

it('says where a site was moved to', () => {
  const told = (action: string, to_cloud: string) =>
    sentenceFor({ action, detail: { name: 'Blog', from_cloud: 'local', to_cloud } });
  expect(told('SITE_MOVED', 'gcp')).toEqual({ before: 'moved', site: 'Blog', after: 'to Google Cloud' });
  expect(told('MOVE_SITE', 'local')).toEqual({ before: 'began to move', site: 'Blog', after: 'to this machine' });
});

it('groups by days of the reader', () => {
  const now = new Date(2026, 6, 15, 12).getTime();
  const at = (day: number, hour: number) => ({ at: new Date(2026, 6, day, hour).toISOString() });
  const days = byDay([at(15, 11), at(15, 0), at(14, 23), at(1, 9)], now);
  expect(days.map(({ label, items }) => [label, items.length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['Wednesday, July 1', 1],
  ]);
});

it('makes the address the control plane would make', () => {
  const names = {
    'Zoë’s Café': 'zoes-cafe',
    'Salt & Pepper': 'salt-and-pepper',
    Straße: 'strasse',
    'A  b--c': 'a-b-c',
    日本: '',
  };
  for (const [name, slug] of Object.entries(names)) expect(slugFrom(name)).toBe(slug);
  expect(slugFrom('x'.repeat(80))).toHaveLength(48);
});

it('objects to what the control plane would refuse', () => {
  expect(complaintAbout('Sunrise Bakery (2026)!')).toBeNull();
  expect(complaintAbout('')).toBeNull();
  expect(complaintAbout('x'.repeat(81))).toContain('81 characters');
  expect(complaintAbout('a/b')).toContain('“/”');
  expect(complaintAbout('日本')).toContain('No address');
});

it('keeps of an address only the texts it knows', () => {
  expect(textOf({ q: 'a', other: 'b', site: '', who: 7 }, 'q', 'site', 'who')).toEqual({ q: 'a', who: '7' });
});
