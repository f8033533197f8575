// What people fill in: what is tied to a field, what a secret's field keeps and forgets, what a list passes on.

import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { SecretInput } from '@/ui/SecretInput';
import { Select } from '@/ui/Select';
import { Sparkline } from '@/ui/Sparkline';
import { TextInput } from '@/ui/TextInput';

const described = (field: HTMLElement) =>
  (field.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);

describe('a line of text', () => {
  it('is described by its error and its hint', () => {
    render(<TextInput label="Name" hint="At most 80 characters." error="That is taken." />);
    expect(described(screen.getByLabelText('Name'))).toEqual(['That is taken.', 'At most 80 characters.']);
  });
});

describe("a secret's field", () => {
  const kept = { lastFour: 'f00d', setAt: new Date().toISOString() };

  it('says what is kept, takes several lines as they are, and empties itself once they are kept', async () => {
    const save = vi.fn().mockResolvedValue(undefined);
    render(<SecretInput label="STRIPE_KEY" {...kept} onSave={save} busy={false} />);
    const field = screen.getByLabelText<HTMLTextAreaElement>('STRIPE_KEY');
    expect(described(field)).toEqual(['Kept: ends in f00d, set just now.']);
    await userEvent.click(field);
    await userEvent.paste('-----BEGIN KEY-----\nabc\n-----END KEY-----');
    expect(field.classList).toContain('masked');
    await userEvent.click(screen.getByRole('button', { name: 'Replace' }));
    expect(save).toHaveBeenCalledWith('-----BEGIN KEY-----\nabc\n-----END KEY-----');
    expect(field.value).toBe('');
  });

  it('keeps what was typed when it was refused', async () => {
    const save = vi.fn().mockRejectedValue(new Error('too long'));
    render(<SecretInput label="KEY" lastFour={null} setAt={null} onSave={save} busy={false} error="At most 8 KiB." />);
    const field = screen.getByLabelText<HTMLTextAreaElement>('KEY');
    await userEvent.type(field, 'value{Enter}');
    expect(field.value).toBe('value');
    expect(described(field)[0]).toBe('At most 8 KiB.');
  });
});

describe('one of a few', () => {
  it('passes on what was chosen', async () => {
    const change = vi.fn();
    const options = [
      { value: 'tenant', label: 'Tenant' },
      { value: 'admin', label: 'Admin' },
    ] as const;
    render(<Select label="Role" value="tenant" options={options} onChange={change} />);
    await userEvent.selectOptions(screen.getByLabelText('Role'), 'Admin');
    expect(change).toHaveBeenCalledWith('admin');
  });
});

describe('the course of a number', () => {
  it('is said in words, and drawn within its frame', () => {
    render(<Sparkline values={[1, 3, 2]} label="Requests" />);
    const drawing = screen.getByRole('img', { name: 'Requests: between 1 and 3, now 2' });
    expect(drawing.querySelector('polyline')?.getAttribute('points')).toBe('0.0,30.0 60.0,2.0 120.0,16.0');
  });

  it('is a line through the middle when nothing changes, and nothing for a single value', () => {
    const { container } = render(<Sparkline values={[5, 5]} label="Requests" />);
    expect(container.querySelector('polyline')?.getAttribute('points')).toBe('0.0,16.0 120.0,16.0');
    expect(render(<Sparkline values={[5]} label="Errors" />).container.innerHTML).toBe('');
  });
});
