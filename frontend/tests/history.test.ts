// A conversation read back is the conversation that was seen live.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureOf, textOf } from '@/api/chat/messages';
import { openThread } from '@/api/chat/threads';
import { ChatSession } from '@/features/chat/session';
import { sleep } from '@/lib/time';
import { type Fake, openStage, signIn } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0.05 });
  await signIn(fake);
});
afterAll(() => fake.close());

async function say(session: ChatSession, text: string) {
  await session.chat.sendMessage({ text });
  return session.conversation.get() as string;
}

const seen = (session: ChatSession) => session.chat.messages.map(({ id, role, parts }) => ({ id, role, parts }));

it.each(['what can you do?', 'create a site called Harbour Cafe', 'count to 40', 'crash'])(
  'an answer to “%s” is the same after a reload',
  async (text) => {
    const live = new ChatSession();
    const again = await openThread(await say(live, text));
    expect(again.messages.map(({ id, role, parts }) => ({ id, role, parts }))).toEqual(seen(live));
  },
);

it('an answer cut after every second frame is whole', async () => {
  fake.threads.cutAfter = 2;
  const before = fake.threads.connections;
  const session = new ChatSession();
  await say(session, 'count to 6');
  fake.threads.cutAfter = 0;
  expect(session.chat.messages.at(-1) && textOf(session.chat.messages.at(-1) as never)).toBe(
    'word0 word1 word2 word3 word4 word5 ',
  );
  expect(fake.threads.connections - before).toBeGreaterThan(3);
});

it('an answer still being given is resumed when the conversation is opened again', async () => {
  const first = new ChatSession();
  const asked = say(first, 'count to 120');
  await expect.poll(() => first.chat.messages.length).toBe(2);
  const second = await ChatSession.open(first.conversation.get() as string);
  await asked;
  await expect.poll(() => second.chat.status).toBe('ready');
  await expect.poll(() => seen(second)).toEqual(seen(first));
});

it('an answer that failed gives way to the one that came of trying again', async () => {
  const session = new ChatSession();
  const id = await say(session, 'crash');
  expect(failureOf(session.chat.messages.at(-1))).toEqual({ code: 'run_failed', ref: 'e2e01234' });
  await session.chat.regenerate();
  expect(session.chat.messages).toHaveLength(2);
  expect(failureOf(session.chat.messages.at(-1))).toBeNull();
  expect((await openThread(id)).messages.map((message) => message.id)).toEqual(seen(session).map(({ id }) => id));
});

it.each([0, 150])('an answer that is stopped after %i ms says so', async (ms) => {
  const session = new ChatSession();
  const asked = say(session, 'count to 500');
  await sleep(ms);
  await session.stop();
  await asked;
  expect(session.chat.messages.at(-1)?.parts.at(-1)).toMatchObject({ type: 'data-run', data: { state: 'cancelled' } });
});

it('a conversation continued elsewhere catches up when it is looked at', async () => {
  const here = new ChatSession();
  const id = await say(here, 'what can you do?');
  const elsewhere = await ChatSession.open(id);
  await say(elsewhere, 'count to 3');
  await here.catchUp();
  expect(seen(here)).toEqual(seen(elsewhere));
});
