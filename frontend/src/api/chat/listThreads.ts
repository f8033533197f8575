// The conversations of the person who is signed in, newest first. Apart from the rest of the chat, so that a page can list them
// without loading what reads them.

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
