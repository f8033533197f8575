// Dialogs, menus, toasts: what the keyboard and a screen reader find of them.

import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { toast, toasts } from '@/lib/toast';
import { Announcer } from '@/ui/Announcer';
import { Menu } from '@/ui/Menu';
import { Modal } from '@/ui/Modal';
import { Toaster } from '@/ui/Toaster';
import { TypeToConfirm } from '@/ui/TypeToConfirm';

function WithModal() {
  const [open, setOpen] = useState(false);
  return (
    <main>
      <button type="button" onClick={() => setOpen(true)}>
        Rename
      </button>
      <Modal open={open} onClose={() => setOpen(false)} title="Rename the site">
        <label>
          Name <input />
        </label>
      </Modal>
    </main>
  );
}

describe('a dialog', () => {
  it('takes the focus to its heading and gives it back on Escape', async () => {
    render(<WithModal />);
    await userEvent.click(screen.getByRole('button', { name: 'Rename' }));
    const dialog = await screen.findByRole('dialog', { name: 'Rename the site' });
    await waitFor(() => expect(document.activeElement).toBe(within(dialog).getByRole('heading')));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Rename'));
  });

  it('is put inside the main region', async () => {
    render(<WithModal />);
    await userEvent.click(screen.getByRole('button', { name: 'Rename' }));
    expect((await screen.findByRole('dialog')).closest('main')).not.toBeNull();
  });
});

function showConfirmation(onConfirm: () => void, error?: string) {
  const close = vi.fn();
  const props = { onClose: close, title: 'Delete bakery', word: 'bakery', confirmLabel: 'Delete', busy: false, error };
  render(<TypeToConfirm open onConfirm={onConfirm} {...props} />);
  return close;
}

describe('typing to confirm', () => {
  it('is deaf until the word is right, and for the first moment', async () => {
    const confirm = vi.fn();
    showConfirmation(confirm);
    const button = await screen.findByRole('button', { name: 'Delete' });
    expect(button).toHaveProperty('disabled', true);
    await userEvent.type(screen.getByLabelText('Type bakery to confirm'), 'bakery');
    await new Promise((resolve) => setTimeout(resolve, 420));
    await userEvent.keyboard('{Enter}');
    expect(confirm).toHaveBeenCalledOnce();
  });

  it('does nothing on Enter while the word is wrong', async () => {
    const confirm = vi.fn();
    showConfirmation(confirm);
    await new Promise((resolve) => setTimeout(resolve, 420));
    await userEvent.type(await screen.findByLabelText('Type bakery to confirm'), 'bakerx{Enter}');
    expect(confirm).not.toHaveBeenCalled();
  });

  it('ignores a press that was meant for what stood there before', async () => {
    const confirm = vi.fn();
    showConfirmation(confirm);
    const field = await screen.findByLabelText('Type bakery to confirm');
    await userEvent.click(field);
    await userEvent.paste('bakery');
    await userEvent.keyboard('{Enter}');
    expect(confirm).not.toHaveBeenCalled();
  });

  it('shows why it was refused, tied to the field', async () => {
    showConfirmation(() => undefined, 'It is being removed already.');
    const field = await screen.findByLabelText('Type bakery to confirm');
    const why = document.getElementById(field.getAttribute('aria-describedby') ?? '');
    expect(why?.textContent).toBe('It is being removed already.');
  });
});

describe('a menu', () => {
  it('is opened, walked and used by keyboard', async () => {
    const rename = vi.fn();
    render(
      <Menu
        label="Actions for Bakery"
        items={[
          { label: 'Open', onSelect: () => undefined },
          { label: 'Rename', onSelect: rename },
        ]}
      />,
    );
    screen.getByRole('button', { name: 'Actions for Bakery' }).focus();
    await userEvent.keyboard('{Enter}');
    await screen.findByRole('menu');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(rename).toHaveBeenCalledOnce());
  });
});

describe('a toast', () => {
  it('is shown, said aloud, and its action works once', async () => {
    const undo = vi.fn();
    render(
      <>
        <Toaster />
        <Announcer />
      </>,
    );
    toast({ title: 'Renamed to Bakery', action: { label: 'Undo', onPress: undo } });
    expect((await screen.findByRole('status')).textContent).toContain('Renamed to Bakery. Undo is offered');
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(undo).toHaveBeenCalledOnce();
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  it('never stands there with more than two others', () => {
    for (const title of ['one', 'two', 'three', 'four']) toast({ title });
    expect(toasts.get().map((one) => one.title)).toEqual(['two', 'three', 'four']);
  });
});
