// What is done to a conversation as a whole: another title, a link for others to read it, and forgetting it.

import { body, client } from '../client';
import { askAssistant } from './ask';

export async function renameThread(id: string, title: string): Promise<void> {
  await askAssistant(`/${encodeURIComponent(id)}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title }),
  });
}

export async function forgetThread(id: string): Promise<void> {
  await askAssistant(`/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

/** A link to what was said until now; the one before shows nothing any more. Only a person may, so the assistant is not asked. */
export async function shareThread(id: string): Promise<{ url: string; shared_at: string }> {
  return body(await client.POST('/api/threads/{thread_id}/share', { params: { path: { thread_id: id } } }));
}

export async function unshareThread(id: string): Promise<void> {
  await client.DELETE('/api/threads/{thread_id}/share', { params: { path: { thread_id: id } } });
}
