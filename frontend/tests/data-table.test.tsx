// A table of rows: its states, its menu, and what a press on a row does.

import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { type Column, DataTable } from '@/ui/DataTable';

type Person = { id: string; email: string; sites: number };
const PEOPLE: Person[] = [
  { id: '1', email: 'ada@example.com', sites: 2 },
  { id: '2', email: 'grace@example.com', sites: 0 },
];
const COLUMNS: Column<Person>[] = [
  { key: 'email', header: 'E-mail', cell: ({ email, id }) => <a href={`#${id}`}>{email}</a> },
  { key: 'sites', header: 'Sites', cell: ({ sites }) => sites, align: 'right' },
];

function show(more: Partial<Parameters<typeof DataTable<Person>>[0]> = {}) {
  const props = { label: 'People', columns: COLUMNS, rows: PEOPLE, isLoading: false, empty: <p>Nobody yet</p> };
  render(<DataTable {...props} rowKey={({ id }) => id} {...more} />);
}

describe('a table of rows', () => {
  it('has a name, headings and cells', () => {
    show();
    expect(screen.getByRole('table', { name: 'People' })).toBeTruthy();
    expect(screen.getAllByRole('columnheader').map((one) => one.textContent)).toEqual(['E-mail', 'Sites']);
    expect(screen.getAllByRole('cell').map((one) => one.textContent)).toEqual([
      'ada@example.com',
      '2',
      'grace@example.com',
      '0',
    ]);
  });

  it('says what is missing when there are no rows, and holds the place while they come', () => {
    show({ rows: [] });
    expect(screen.getByText('Nobody yet')).toBeTruthy();
    show({ rows: undefined, isLoading: true });
    expect(screen.getByRole('img', { name: 'Loading people' })).toBeTruthy();
  });

  it('opens a row by a press beside its link, not on it', async () => {
    const open = vi.fn();
    show({ onOpen: open });
    await userEvent.click(screen.getByText('2'));
    expect(open).toHaveBeenCalledWith(PEOPLE[0]);
    await userEvent.click(screen.getByText('grace@example.com'));
    expect(open).toHaveBeenCalledOnce();
  });

  it('offers more, and a menu for each row', async () => {
    const onMore = vi.fn();
    const menu = (row: Person) => ({
      label: `Actions for ${row.email}`,
      items: [{ label: 'Open', onSelect: () => undefined }],
    });
    show({ more: { isBusy: false, onMore }, rowMenu: menu });
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(onMore).toHaveBeenCalledOnce();
    expect(screen.getByRole('button', { name: 'Actions for grace@example.com' })).toBeTruthy();
  });
});
