// What could not be read. Somebody who was an admin a moment ago learns here that they are none any more.

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meQuery } from '@/api/me';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';

type TroubleProps = { what: string; error: unknown; again: () => void };

export function Trouble({ what, error, again }: TroubleProps) {
  const queryClient = useQueryClient();
  const isRefused = error instanceof ApiProblem && error.status === 403;
  useEffect(() => {
    if (isRefused) void queryClient.invalidateQueries(meQuery);
  }, [isRefused, queryClient]);
  return (
    <Notice
      title={`${what} cannot be shown right now.`}
      reference={error instanceof ApiProblem ? error.details.ref : undefined}
      action={<Button onClick={again}>Try again</Button>}
    >
      {sentenceOf(error)}
    </Notice>
  );
}
