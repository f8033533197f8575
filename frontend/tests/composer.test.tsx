// Writing a message with the keyboard, in any script.

import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { Composer } from '@/features/chat/Composer';

let sent: string[];
let stopped: number;
let drafts: string[];
beforeEach(() => {
  [sent, stopped, drafts] = [[], 0, []];
});

function open({ isBusy = false, draft = '' } = {}) {
  render(
    <Composer
      draft={draft}
      onDraft={(text) => drafts.push(text)}
      isBusy={isBusy}
      note=""
      onSend={(text) => sent.push(text)}
      onStop={() => {
        stopped += 1;
      }}
    />,
  );
  return screen.getByLabelText<HTMLTextAreaElement>('Message AIPress');
}

it('Enter sends and empties the field', async () => {
  const field = open();
  await userEvent.type(field, 'create a site{Enter}');
  expect(sent).toEqual(['create a site']);
  expect(field.value).toBe('');
});

it('Shift+Enter makes a line', async () => {
  const field = open();
  await userEvent.type(field, 'one{Shift>}{Enter}{/Shift}two');
  expect(field.value).toBe('one\ntwo');
  expect(sent).toEqual([]);
});

it('Enter that ends a composition sends nothing', () => {
  const field = open({ draft: 'にほん' });
  fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
  fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 });
  expect(sent).toEqual([]);
  fireEvent.keyDown(field, { key: 'Enter' });
  expect(sent).toEqual(['にほん']);
});

it('nothing is sent when there is nothing but space', async () => {
  const field = open();
  await userEvent.type(field, '   {Enter}');
  expect(sent).toEqual([]);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
});

it('while an answer arrives, Send is Stop, and what is typed stays', async () => {
  const field = open({ isBusy: true });
  await userEvent.type(field, 'next{Enter}');
  expect(sent).toEqual([]);
  expect(field.value).toBe('next');
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  fireEvent.keyDown(document.body, { key: '.', metaKey: true });
  expect(stopped).toBe(2);
});

it('/ comes here from anywhere, and is a mere character here', async () => {
  const field = open();
  field.blur();
  fireEvent.keyDown(document.body, { key: '/' });
  expect(document.activeElement).toBe(field);
  await userEvent.type(field, '/');
  expect(field.value).toBe('/');
});

it('a draft is given back and kept', async () => {
  const field = open({ draft: 'half a' });
  await userEvent.type(field, ' word');
  expect(field.value).toBe('half a word');
  expect(drafts.at(-1)).toBe('half a word');
});
