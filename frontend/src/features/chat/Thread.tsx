// The conversation itself: a log that is read, not shouted; what happens is told by the announcer (useAnnouncements).

import { ArrowDown } from 'lucide-react';
import { useRef } from 'react';
import { type ChatMessage, failureOf } from '@/api/chat/messages';
import { troubleOf } from '@/api/problem';
import type { Trouble } from '@/lib/words';
import type { ShowCard } from './cards';
import { Answer, Question, Thinking } from './Message';
import type { ChatSession } from './session';
import { TroubleNotice } from './TroubleNotice';
import { useStickToEnd } from './useStickToEnd';

type ThreadProps = {
  session: ChatSession;
  messages: ChatMessage[];
  isBusy: boolean;
  error: Error | undefined;
  showCard: ShowCard;
};

export function Thread({ session, messages, isBusy, error, showCard }: ThreadProps) {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { isAtEnd, goToEnd } = useStickToEnd(frame, content, messages.length);
  const newest = messages.at(-1);
  const trouble = isBusy ? null : (failureOf(newest) ?? (error ? troubleOf(error) : null));

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={frame}
        role="log"
        aria-live="off"
        aria-label="Conversation"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto"
      >
        <div ref={content} className="mx-auto flex max-w-[752px] flex-col gap-8 px-4 pt-6 pb-8">
          {messages.map((message) => {
            const place = { isNewest: message === newest, isFresh: session.isFresh(message) };
            return message.role === 'user' ? (
              <Question key={message.id} message={message} />
            ) : (
              <Answer
                key={message.id}
                message={message}
                isArriving={isBusy && place.isNewest}
                {...place}
                showCard={showCard}
                onChoose={(text) => session.send(text)}
              />
            );
          })}
          {isBusy && newest?.role === 'user' && <Thinking />}
          {trouble && <AfterTrouble trouble={trouble} session={session} />}
        </div>
      </div>
      {!isAtEnd && <ToEnd onPress={goToEnd} />}
    </div>
  );
}

function AfterTrouble({ trouble, session }: { trouble: Trouble; session: ChatSession }) {
  return (
    <TroubleNotice
      trouble={trouble}
      onRetry={(offline) => session.retry(offline)}
      onReload={() => void session.catchUp()}
    />
  );
}

function ToEnd({ onPress }: { onPress: () => void }) {
  return (
    <button
      type="button"
      aria-label="Go to the newest message"
      onClick={onPress}
      className="absolute bottom-3 left-1/2 grid size-10 -translate-x-1/2 animate-rise place-items-center rounded-full border border-line bg-white text-soft transition duration-150 hover:border-ink/30 hover:text-ink"
    >
      <ArrowDown aria-hidden="true" className="size-5" />
    </button>
  );
}
