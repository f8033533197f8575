// What an answer shows besides words: tables, charts and links, each with where it is from.

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { CardPart } from '@/features/chat/cards';
import AnyCard from '@/routes/AnyCard';
import { showLinked } from './stage';

const said = { window: 'last 24 hours', as_of: '2026-11-28T12:00:00Z', source: 'control plane' };
const place = { isNewest: true, isFresh: true };
const give = (type: string, data: object) =>
  showLinked(<AnyCard part={{ type: `data-${type}`, id: type, data } as CardPart} place={place} />);

const columns = [
  { header: 'Site', align: 'left' },
  { header: 'Requests', align: 'right' },
];

it('a table has its rows, its links and its caption', async () => {
  const rows = [
    [{ label: 'Sunrise Bakery', path: '/sites/sunrise-bakery' }, '1,204'],
    ['**Blue** <b>Whale</b> https://evil.example', '3'],
  ];
  give('table', { ...said, title: 'Requests by site', columns, rows });
  const table = await screen.findByRole('table', { name: 'Requests by site' });
  expect(within(table).getAllByRole('row')).toHaveLength(3);
  expect(within(table).getByRole('link', { name: 'Sunrise Bakery' }).getAttribute('href')).toBe(
    '/sites/sunrise-bakery',
  );
  expect(within(table).getByText('**Blue** <b>Whale</b> https://evil.example')).toBeTruthy();
  expect(within(table).getAllByRole('link')).toHaveLength(1);
  expect(screen.getByText(/last 24 hours/).textContent).toMatch(
    /^last 24 hours, as of Nov 28, 2026.* · control plane$/,
  );
  expect(screen.getByRole('heading', { level: 2, name: 'Requests by site' })).toBeTruthy();
});

it('a table without rows says so', async () => {
  give('table', { ...said, title: 'Errors', columns, rows: [] });
  expect(await screen.findByText('There is nothing to show.')).toBeTruthy();
});

it('a chart says what it shows, and can be read as a table', async () => {
  const series = [{ name: 'Requests', points: [[1_795_867_200, 41.5]] }];
  give('chart', { ...said, title: 'Traffic', unit: '', summary: 'Most of them at noon.', series });
  expect(await screen.findByText('Most of them at noon.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Show as table' }));
  expect(screen.getByRole('cell', { name: '41.5' })).toBeTruthy();
  expect(screen.getByText(/control plane$/)).toBeTruthy();
});

it('a link leads into the app', async () => {
  give('link', { label: 'All 12 sites', path: '/sites' });
  expect((await screen.findByRole('link', { name: 'All 12 sites' })).getAttribute('href')).toBe('/sites');
});

it.each(['//evil.example', 'https://evil.example', '/sites?leak=1', 'javascript:alert(1)', '/\\evil.example'])(
  'a link to %s is only its words',
  async (path) => {
    give('link', { label: 'Look here', path });
    expect(await screen.findByText('Look here')).toBeTruthy();
    expect(screen.queryByRole('link')).toBeNull();
  },
);
