// An answer that failed: what happened, its reference, and every way on that there is.

import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { TroubleNotice } from '@/features/chat/TroubleNotice';
import { readTrouble } from '@/lib/words';

function show(told: object) {
  const onRetry = vi.fn();
  render(<TroubleNotice trouble={readTrouble(JSON.stringify(told))} onRetry={onRetry} onReload={vi.fn()} />);
  return onRetry;
}

it('says what the server says, with the reference, and offers an answer without the language model', () => {
  const onRetry = show({ code: 'model_busy', ref: '0a1b2c3d', detail: 'It is asked too much.', offline: true });
  expect(screen.getByRole('alert').textContent).toContain('It is asked too much.');
  expect(screen.getByText('Reference 0a1b2c3d')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Answer offline' }));
  expect(onRetry).toHaveBeenLastCalledWith(true);
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(onRetry).toHaveBeenLastCalledWith();
});

it('offers no other engine where it was not the language model that failed', () => {
  show({ code: 'run_failed', ref: '0a1b2c3d', detail: 'It stopped halfway.', offline: false });
  expect(screen.queryByRole('button', { name: 'Answer offline' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Retry' })).toBeTruthy();
});
