// A conversation as a whole: renamed on the spot, shared by a link that can be ended, read by whoever has it, and deleted.

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatSession } from '@/features/chat/session';
import { SharedPage } from '@/features/shared/SharedPage';
import { type Fake, openStage, show, signIn, visit } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0.05 });
  await signIn(fake);
});
afterAll(() => fake.close());

async function conversation(text: string): Promise<string> {
  const session = new ChatSession();
  await session.chat.sendMessage({ text });
  return session.conversation.get() as string;
}

const thread = (id: string) => fake.threads.threads.get(id) as { title: string; secret?: string; messages: unknown[] };

async function choose(title: string, item: string) {
  await userEvent.click(await screen.findByRole('button', { name: `More about ${title}` }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
}

async function shared(id: string, title: string): Promise<HTMLElement> {
  visit(`/c/${id}`);
  await choose(title, 'Share…');
  const dialog = await screen.findByRole('dialog', { name: 'Share this conversation' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Make a link' }));
  return dialog;
}

it('takes another title where its title stands', async () => {
  const id = await conversation('count to 2');
  visit(`/c/${id}`);
  await choose('count to 2', 'Rename');
  const field = await screen.findByLabelText('Title of the conversation');
  await userEvent.clear(field);
  await userEvent.type(field, ' Numbers {Enter}');
  expect(await screen.findByRole('heading', { name: 'Numbers', level: 1 })).toBeTruthy();
  expect(thread(id).title).toBe('Numbers');
});

it('keeps its title on Escape, and in the list too', async () => {
  const id = await conversation('count to 3');
  visit('/');
  await choose('count to 3', 'Rename');
  await userEvent.type(await screen.findByLabelText('Title of the conversation'), 'x{Escape}');
  expect(await screen.findByRole('link', { name: /^count to 3/ })).toBeTruthy();
  expect(thread(id).title).toBe('count to 3');
});

it('is shared by a link to be copied, says so, and stops', async () => {
  const id = await conversation('count to 4');
  const dialog = await shared(id, 'count to 4');
  const link = (await within(dialog).findByLabelText('Link')) as HTMLInputElement;
  expect(link.value).toBe(`${fake.url}/shared/${thread(id).secret}`);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Copy the link' }));
  expect(await navigator.clipboard.readText()).toBe(link.value);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Stop sharing' }));
  expect(await within(dialog).findByText('It is not shared.')).toBeTruthy();
  expect(within(dialog).queryByLabelText('Link')).toBeNull();
  expect(thread(id).secret).toBeNull();
});

it('shows to whoever has the link what was said until then, with nothing to press', async () => {
  const id = await conversation('create a site called Harbour Cafe');
  await within(await shared(id, 'create a site called Harbour Cafe')).findByLabelText('Link');
  const session = await ChatSession.open(id);
  await session.chat.sendMessage({ text: 'count to 5' });
  document.body.innerHTML = '';
  const { container } = show(<SharedPage secret={thread(id).secret as string} />);
  const page = within(container);
  expect(await page.findByRole('heading', { name: 'create a site called Harbour Cafe', level: 1 })).toBeTruthy();
  expect(page.getByText('Here stood a card.')).toBeTruthy();
  expect(await page.findByText('Harbour Cafe', { selector: 'strong' })).toBeTruthy();
  expect(container.textContent).not.toContain('word3');
  expect(page.queryAllByRole('button')).toEqual([]);
  expect(page.queryAllByRole('textbox')).toEqual([]);
});

it('says of a link that was ended that it shows nothing', async () => {
  const { container } = show(<SharedPage secret="ended" />);
  expect(await within(container).findByRole('heading', { name: 'This link shows nothing' })).toBeTruthy();
});

it('is deleted after one more question, and its page gives way to the first', async () => {
  const id = await conversation('count to 6');
  const { router } = visit(`/c/${id}`);
  await choose('count to 6', 'Delete…');
  const dialog = await screen.findByRole('dialog', { name: 'Delete this conversation?' });
  expect(thread(id)).toBeTruthy();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/'));
  expect(thread(id)).toBeUndefined();
});
