// What is said when something does not work: what happened and what you can do. Keyed by the codes of the wire.

/** `detail` is what the server said for people, if it did; `offline`: it can answer without its language model. */
export type Trouble = { code: string; ref?: string | undefined; detail?: string | undefined; offline?: boolean };
export type TroubleWords = { title: string; advice: string; retry: boolean };

const RUN_FAILED: TroubleWords = {
  title: 'That did not work.',
  advice: 'The answer stopped halfway. Nothing was done beyond what you see here.',
  retry: true,
};

const WORDS: Record<string, TroubleWords> = {
  run_failed: RUN_FAILED,
  model_unavailable: {
    title: 'The assistant cannot think right now.',
    advice: 'Its language model did not answer. Your sites are not affected.',
    retry: true,
  },
  stale_conversation: {
    title: 'This conversation moved on elsewhere.',
    advice: 'It was continued in another tab or device. Reload to see all of it.',
    retry: false,
  },
  session_expired: { title: 'You were signed out.', advice: 'Sign in again to go on.', retry: false },
  forbidden: { title: 'You may not do that.', advice: 'Ask someone who owns this site.', retry: false },
  offline: { title: 'AIPress cannot be reached.', advice: 'Check your connection, then try again.', retry: true },
};

export function wordsFor(trouble: Trouble): TroubleWords {
  const words = WORDS[trouble.code] ?? RUN_FAILED;
  const isTold = trouble.detail && (!WORDS[trouble.code] || trouble.code === 'quota');
  return isTold ? { ...words, advice: trouble.detail as string } : words;
}

/** The trouble inside an error text of the wire, which is JSON {"code","ref"}; anything else is an unnamed failure. */
export function readTrouble(text: string): Trouble {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'code' in parsed) return parsed as Trouble;
  } catch {
    // Not JSON: whatever it says was never meant for people.
  }
  return { code: 'run_failed' };
}
