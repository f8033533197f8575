// One request to the assistant, which answers refusals as the control plane does.

import { problemFrom, unreachable } from '../problem';

/** `path` comes after /chat. Throws an ApiProblem when refused or not reachable; an abort is passed on as it is. */
export async function askAssistant(path: string, init: RequestInit = {}, origin = ''): Promise<Response> {
  const response = await fetch(`${origin}/chat${path}`, init).catch((error: unknown) => {
    throw init.signal?.aborted ? error : unreachable();
  });
  if (!response.ok) throw await problemFrom(response);
  return response;
}
