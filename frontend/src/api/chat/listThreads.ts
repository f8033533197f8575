// The conversations of the person who is signed in, newest first, and what they might say next. Apart from the rest of the chat, so
// that a page can list them without loading what reads them.

import type { Page } from '../types';
import { askAssistant } from './ask';

export type ThreadSummary = {
  id: string;
  title: string;
  updated_at: string;
  shared_at: string | null;
  needs_you: boolean;
};

export async function listThreads(): Promise<Page<ThreadSummary>> {
  return (await askAssistant('')).json() as Promise<Page<ThreadSummary>>;
}

/** A beginning is put into the composer to be finished; with a conversation's id it is one to go on with; the rest is said as it stands. */
export type Suggestion = { label: string; text: string; is_beginning: boolean; conversation_id: string | null };

export async function listSuggestions(): Promise<Suggestion[]> {
  return ((await (await askAssistant('/suggestions')).json()) as { items: Suggestion[] }).items;
}
