// One conversation in this tab. It lives outside React, so an answer goes on arriving while another page is shown.

import '@/lib/zod-jitless';
import { Chat } from '@ai-sdk/react';
import type { Link } from '@/api/chat/followLog';
import { type ChatMessage, failureOf } from '@/api/chat/messages';
import { openThread, stopAnswer, type Thread } from '@/api/chat/threads';
import { LosslessTransport } from '@/api/chat/transport';
import { ApiProblem, troubleOf } from '@/api/problem';
import { createSignal } from '@/lib/signal';

export class ChatSession {
  readonly key = crypto.randomUUID();
  /** Minted by the server when it takes the first message. */
  readonly conversation = createSignal<string | null>(null);
  readonly title = createSignal('');
  /** Since when a link shows it to others. */
  readonly sharedAt = createSignal<string | null>(null);
  readonly link = createSignal<Link>('live');
  /** How often a draft came from elsewhere than the composer, which then begins anew with it. */
  readonly draftsGiven = createSignal(0);
  readonly chat: Chat<ChatMessage>;
  /** What is in the composer, kept while other pages are visited. */
  draft = '';
  #mentioned: string | undefined;
  readonly #transport: LosslessTransport;
  readonly #fromBefore = new Set<string>();
  /** Stop was pressed before the server had taken the message. */
  #isStopPending = false;

  constructor(onConversation: (session: ChatSession, id: string) => void = () => undefined) {
    this.#transport = new LosslessTransport({
      conversation: this.conversation.get,
      onConversation: (id) => {
        this.conversation.set(id);
        onConversation(this, id);
        if (this.#isStopPending) void this.#stopAnswer(id);
      },
      onLink: this.link.set,
    });
    this.chat = new Chat<ChatMessage>({
      transport: this.#transport,
      generateId: () => crypto.randomUUID(),
      onError: (error) => void this.#recover(error),
    });
  }

  static async open(id: string): Promise<ChatSession> {
    const session = new ChatSession();
    session.conversation.set(id);
    session.#show(await openThread(id));
    return session;
  }

  /** Arrived while this page was open, rather than being read back. */
  isFresh(message: ChatMessage): boolean {
    return !this.#fromBefore.has(message.id);
  }

  send(text: string): void {
    this.#isStopPending = false;
    if (!this.title.get()) this.title.set(text);
    void this.chat.sendMessage({ text });
  }

  /** Begins the next message with a site, or takes back a beginning of that kind that nothing was added to. */
  mention(site: string | undefined): void {
    if (site === this.#mentioned) return;
    if (this.#mentioned && this.draft.trim() === `@${this.#mentioned}`) this.draft = '';
    if (site && !this.draft.includes(`@${site}`)) this.draft = `@${site} ${this.draft}`;
    this.#mentioned = site;
    this.begin(this.draft);
  }

  /** Puts the beginning of a message into the composer. */
  begin(text: string): void {
    this.draft = text;
    this.draftsGiven.set(this.draftsGiven.get() + 1);
  }

  retry(offline = false): void {
    this.#isStopPending = false;
    void this.chat.regenerate(offline ? { body: { engine: 'offline' } } : {});
  }

  /** The server stops and says so in the answer itself. It can be asked once it has taken the message; a second press does not wait. */
  async stop(): Promise<void> {
    if (this.#isStopPending) return this.chat.stop();
    if (this.chat.status === 'submitted') this.#isStopPending = true;
    const id = this.conversation.get();
    if (id) await this.#stopAnswer(id);
  }

  /** Only if the server cannot be asked is the answer cut here. */
  async #stopAnswer(id: string): Promise<void> {
    await stopAnswer(id).catch(() => this.chat.stop());
  }

  /** Another tab or device may have gone on: asked whenever this one is looked at again. */
  async catchUp(): Promise<void> {
    const id = this.conversation.get();
    if (!id || this.isBusy()) return;
    const thread = await openThread(id);
    this.#name(thread);
    const [theirs, ours] = [thread.messages.at(-1), this.chat.messages.at(-1)];
    const isBehind =
      thread.isActive || theirs?.id !== ours?.id || Boolean(failureOf(ours)) !== Boolean(failureOf(theirs));
    if (isBehind && !this.isBusy()) this.#show(thread);
  }

  isBusy(): boolean {
    return this.chat.status === 'submitted' || this.chat.status === 'streaming';
  }

  async #recover(error: Error): Promise<void> {
    const id = this.conversation.get();
    const isStale = error instanceof ApiProblem && troubleOf(error).code === 'stale_conversation';
    if (!id || !isStale) return;
    this.#show(await openThread(id));
    this.chat.clearError();
  }

  #name({ title, sharedAt }: Thread): void {
    this.title.set(title);
    this.sharedAt.set(sharedAt);
  }

  #show(thread: Thread): void {
    this.#name(thread);
    for (const message of thread.messages) this.#fromBefore.add(message.id);
    this.#transport.remember(thread.messages);
    this.chat.messages = thread.messages;
    if (thread.isActive) void this.chat.resumeStream();
  }
}
