// What everybody else sees of the admin portal: that it is one, and the way back. What was read as an admin is forgotten.

import { useQueryClient } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { ADMIN } from '@/api/admin';
import { useTitle } from '@/lib/page';

export function OnlyAdmins({ back }: { back: ReactNode }) {
  useTitle('Only for admins');
  const queryClient = useQueryClient();
  useEffect(() => queryClient.removeQueries({ queryKey: [ADMIN] }), [queryClient]);
  return (
    <div className="grid h-full place-content-center justify-items-center gap-6 p-6 text-center">
      <span aria-hidden="true" className="grid size-14 place-items-center rounded-full bg-wash text-soft">
        <Lock className="size-6" />
      </span>
      <div>
        <h1 className="text-3xl font-semibold tracking-tight text-balance">Only admins can see this</h1>
        <p className="mt-2 max-w-md text-soft text-pretty">
          These pages are for those who look after this platform. If you should be one of them, ask an admin to give you
          that role; it holds at once.
        </p>
      </div>
      {back}
    </div>
  );
}
