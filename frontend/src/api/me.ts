// Who is signed in: what every page begins with, and so apart from what only some of them read.

import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => body(await client.GET('/api/me')),
  staleTime: 60_000,
});
