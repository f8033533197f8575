// One message: what was asked, or an answer with its parts in order. Tools are never named; what they did is a card or a sentence.

import { useQueryClient } from '@tanstack/react-query';
import { lazy, memo, Suspense } from 'react';
import { type ChatMessage, type ChatPart, textOf } from '@/api/chat/messages';
import { Choices } from './Choices';
import { type CardPlace, isCard, type ShowCard } from './cards';

const Words = lazy(() => import('./Words'));

export const Question = memo(({ message }: { message: ChatMessage }) => (
  <div data-message tabIndex={-1} className="flex animate-rise justify-end rounded-3xl outline-offset-4">
    <p className="max-w-[85%] rounded-3xl bg-wash px-5 py-3 wrap-break-word whitespace-pre-wrap">
      <span className="sr-only">You said: </span>
      {textOf(message)}
    </p>
  </div>
));

type AnswerProps = CardPlace & {
  message: ChatMessage;
  isArriving: boolean;
  showCard: ShowCard;
  onChoose: (text: string) => void;
};

export function Answer({ message, isArriving, ...rest }: AnswerProps) {
  const isSilent = !message.parts.some(isVisible);
  return (
    <article
      data-message
      tabIndex={-1}
      aria-label="AIPress replied"
      aria-busy={isArriving}
      className="grid grid-cols-[minmax(0,1fr)] gap-4 rounded-card outline-offset-8"
    >
      {message.parts.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever appended, their place is their identity
        <Part key={place} part={part} {...rest} />
      ))}
      {isArriving && (isSilent || isWorking(message)) && <Thinking />}
    </article>
  );
}

type PartProps = Omit<AnswerProps, 'message' | 'isArriving'> & { part: ChatPart };

function Part({ part, isNewest, isFresh, showCard, onChoose }: PartProps) {
  if (part.type === 'text') return <Said text={part.text} isGrowing={part.state === 'streaming'} />;
  if (part.type === 'data-choices')
    return <Choices options={part.data.options} isOpen={isNewest} onChoose={onChoose} />;
  if (part.type === 'data-run') return <p className="text-sm text-soft">You stopped this.</p>;
  if (part.type === 'data-error') return null;
  if (isCard(part)) return showCard(part, { isNewest, isFresh });
  return hasFailed(part) ? <p className="text-sm text-soft">One step did not work.</p> : null;
}

function Said({ text, isGrowing }: { text: string; isGrowing: boolean }) {
  const queryClient = useQueryClient();
  if (!text.trim()) return null;
  return (
    <Suspense fallback={<p className="wrap-break-word whitespace-pre-wrap">{text}</p>}>
      <Words text={text} isGrowing={isGrowing} queryClient={queryClient} />
    </Suspense>
  );
}

export function Thinking() {
  return (
    <p className="flex h-6 items-center">
      <span aria-hidden="true" className="size-3 animate-breathe rounded-full bg-accent" />
      <span className="sr-only">AIPress is working</span>
    </p>
  );
}

function isVisible(part: ChatPart): boolean {
  return isCard(part) || (part.type === 'text' && part.text.trim() !== '');
}

function isWorking(message: ChatMessage): boolean {
  const last = message.parts.at(-1);
  return (
    last !== undefined && 'state' in last && (last.state === 'input-streaming' || last.state === 'input-available')
  );
}

function hasFailed(part: ChatPart): boolean {
  return 'state' in part && part.state === 'output-error';
}
