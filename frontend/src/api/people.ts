// People, as admins read and change them. The entity tag goes back with a change: nobody overwrites what they have not seen.

import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { ADMIN, after, flatPages, PAGE } from './admin';
import type { components } from './api.d.ts';
import { body, client } from './client';
import { meQuery } from './me';
import type { Sent } from './types';

type Schemas = components['schemas'];

export type User = Sent<Schemas['UserRead']>;
export type UserDetail = Sent<Schemas['UserDetailRead']>;
export type Role = User['role'];
export type UserState = User['state'];
export type UserFilters = { q?: string; role?: Role; state?: UserState };
export type KnownUser = { user: UserDetail; etag: string | null };
export type NewUser = { email: string; name: string; role: Role };
export type UserChange = { name?: string; role?: Role; state?: UserState };

export const usersQuery = (filters: UserFilters) =>
  infiniteQueryOptions({
    queryKey: [ADMIN, 'users', filters],
    queryFn: async ({ pageParam }) =>
      body(await client.GET('/api/users', { params: { query: { ...filters, limit: PAGE, ...after(pageParam) } } })),
    ...flatPages,
    select: ({ pages }): User[] => pages.flatMap((page) => page.items),
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: [ADMIN, 'user', id],
    queryFn: async (): Promise<KnownUser> => {
      const answer = await client.GET('/api/users/{user_id}', { params: { path: { user_id: id } } });
      return { user: body(answer), etag: answer.response.headers.get('ETag') };
    },
  });

export async function addUser(wish: NewUser): Promise<User> {
  return body(await client.POST('/api/users', { body: wish }));
}

export async function changeUser({ user, etag }: KnownUser, change: UserChange): Promise<void> {
  const header = { 'if-match': etag };
  await client.PATCH('/api/users/{user_id}', { params: { path: { user_id: user.id }, header }, body: change });
}

export async function endSessions(id: string): Promise<void> {
  await client.DELETE('/api/users/{user_id}/sessions', { params: { path: { user_id: id } } });
}

export async function removeUser(id: string): Promise<void> {
  await client.DELETE('/api/users/{user_id}', { params: { path: { user_id: id } } });
}

/** What a change to a person may have changed: themselves, every list of people, the log, and perhaps the reader's own role. */
export function peopleChanged(queryClient: QueryClient): Promise<unknown> {
  const stale = [{ queryKey: [ADMIN] }, meQuery];
  return Promise.all(stale.map(({ queryKey }) => queryClient.invalidateQueries({ queryKey: [...queryKey] })));
}
