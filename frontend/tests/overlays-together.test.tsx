// What goes wrong between dialogs, menus, tables and toasts, each as a sentence that holds.

import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { toast, toasts } from '@/lib/toast';
import { DataTable } from '@/ui/DataTable';
import { Menu } from '@/ui/Menu';
import { Modal } from '@/ui/Modal';
import { Toaster } from '@/ui/Toaster';
import { TypeToConfirm } from '@/ui/TypeToConfirm';

it('has to be typed anew after the parent closed it', async () => {
  const props = {
    onClose: () => {},
    title: 'Role',
    word: 'a@b.c',
    confirmLabel: 'Change',
    busy: false,
    onConfirm: () => {},
  };
  const page = (open: boolean) => (
    <main>
      <TypeToConfirm open={open} {...props} />
    </main>
  );
  const { rerender } = render(page(false));
  rerender(page(true));
  await waitFor(() => expect(document.activeElement?.tagName).toBe('H2'));
  await userEvent.type(screen.getByRole('textbox'), 'a@b.c');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Change' }).disabled).toBe(false);
  rerender(page(false));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  rerender(page(true));
  await screen.findByRole('dialog');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Change' }).disabled).toBe(true);
});

it('does not open the row when a dialog in it is dismissed by its backdrop', async () => {
  const open = vi.fn();
  function Cell() {
    const [is, set] = useState(false);
    return (
      <>
        <button type="button" onClick={() => set(true)}>
          Rename
        </button>
        <Modal open={is} onClose={() => set(false)} title="T">
          <p>x</p>
        </Modal>
      </>
    );
  }
  render(
    <main>
      <DataTable
        label="Sites"
        columns={[{ key: 'a', header: 'A', cell: () => <Cell /> }]}
        rows={[{ id: '1' }]}
        rowKey={(r) => r.id}
        onOpen={open}
        empty={null}
        isLoading={false}
      />
    </main>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Rename' }));
  const dialog = await screen.findByRole('dialog');
  const backdrop = [...document.querySelectorAll('[role=presentation]')].find((e) => e.className.includes('bg-ink/30'));
  expect(open).not.toHaveBeenCalled();
  fireEvent.click(backdrop as Element);
  expect(open).not.toHaveBeenCalled();
  expect(dialog).toBeTruthy();
});

it('puts a menu of the header into main although the header came first', async () => {
  render(
    <div>
      <Menu label="Account" items={[{ label: 'Sign out', onSelect: () => {} }]} />
      <main />
    </div>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Account' }));
  expect((await screen.findByRole('menu')).closest('main')).not.toBeNull();
});

it('holds a toast while the focus is in it though the pointer left', async () => {
  vi.useFakeTimers();
  try {
    toasts.set([]);
    render(<Toaster />);
    act(() => toast({ title: 'Renamed', action: { label: 'Undo', onPress: () => {} } }));
    const undo = screen.getByRole('button', { name: 'Undo' });
    act(() => undo.focus());
    fireEvent.pointerEnter(undo.parentElement as Element);
    fireEvent.pointerLeave(undo.parentElement as Element);
    act(() => vi.advanceTimersByTime(13_000));
    expect(screen.queryByText('Renamed')).not.toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

it('leaves the toasts readable while a dialog is open', async () => {
  toasts.set([]);
  const page = (open: boolean) => (
    <div>
      <main>
        <Modal open={open} onClose={() => {}} title="T">
          <p>x</p>
        </Modal>
      </main>
      <Toaster />
    </div>
  );
  const { rerender } = render(page(false));
  rerender(page(true));
  expect((await screen.findByRole('dialog')).closest('main')).not.toBeNull();
  act(() => toast({ title: 'Saved' }));
  expect(screen.getByText('Saved').closest('[aria-hidden=true],[inert]')).toBeNull();
});
