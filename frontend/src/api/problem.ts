// A refusal of the control plane or the assistant (RFC 9457 problem details) as an error the app can show and act on.

import type { Trouble } from '@/lib/words';

type Details = {
  title?: string;
  detail?: string;
  code?: string;
  ref?: string;
  errors?: { field: string; message: string }[];
};

export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  readonly details: Details;

  /** Status 0 means that no answer came at all. */
  constructor(status: number, details: Details) {
    super(details.detail ?? details.title ?? `The server answered ${status}.`);
    this.status = status;
    this.details = details;
  }
}

export async function problemFrom(response: Response): Promise<ApiProblem> {
  const details = await response.json().catch(() => ({}));
  return new ApiProblem(response.status, details as Details);
}

export function unreachable(): ApiProblem {
  return new ApiProblem(0, { code: 'offline', title: 'AIPress cannot be reached.' });
}

/** What a failed request means for a person, in the codes of lib/words. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ApiProblem)) return { code: 'run_failed' };
  const { code, ref } = error.details;
  if (error.status === 401) return { code: 'session_expired', ref };
  if (error.status === 403) return { code: 'forbidden', ref };
  return { code: code ?? 'run_failed', ref, detail: error.details.detail };
}

/** One sentence for a button or form that failed. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'Something unexpected happened. Try again.';
  return error.details.errors?.[0]?.message ?? error.message;
}
