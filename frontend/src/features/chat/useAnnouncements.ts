// What a screen reader hears of an answer: that work began, and how it ended. Not every word as it arrives.

import { useEffect, useRef } from 'react';
import type { Link } from '@/api/chat/followLog';
import { type ChatMessage, failureOf, textOf } from '@/api/chat/messages';
import { announce } from '@/lib/announce';

const SPOKEN_CHARACTERS = 300;

export function useAnnouncements(messages: ChatMessage[], isBusy: boolean, link: Link): void {
  const wasBusy = useRef(isBusy);
  useEffect(() => {
    if (isBusy && !wasBusy.current) announce('AIPress is working');
    if (!isBusy && wasBusy.current) announce(endingInWords(messages.at(-1)));
    wasBusy.current = isBusy;
  }, [messages, isBusy]);

  useEffect(() => {
    if (link === 'reconnecting') announce('Reconnecting');
  }, [link]);
}

function endingInWords(message: ChatMessage | undefined): string {
  if (message?.role !== 'assistant') return '';
  // A failure is shown as an alert, which speaks for itself.
  if (failureOf(message)) return '';
  if (message.parts.some((part) => part.type === 'data-plan')) return 'Your approval is needed';
  const text = textOf(message);
  return `Reply: ${text.length > SPOKEN_CHARACTERS ? `${text.slice(0, SPOKEN_CHARACTERS)}…` : text}`;
}
