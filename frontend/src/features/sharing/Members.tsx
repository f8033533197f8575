// Who may see and work on a site: the owner first, then those it is shared with; adding, taking off, leaving.

import { useQuery } from '@tanstack/react-query';
import { meQuery } from '@/api/me';
import { sentenceOf } from '@/api/problem';
import { membersQuery } from '@/api/sharing';
import type { Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { AddMember } from './AddMember';
import { MemberRow } from './MemberRow';

export function Members({ site, onLeft }: { site: Tenant; onLeft: () => void }) {
  const { data, error, refetch } = useQuery(membersQuery(site.slug));
  const { data: me } = useQuery(meQuery);
  const mayShare = site.access !== 'member';
  return (
    <>
      {error && !data && (
        <Notice
          title="Who it is shared with cannot be shown right now."
          action={<Button onClick={() => refetch()}>Try again</Button>}
        >
          {sentenceOf(error)}
        </Notice>
      )}
      {!data && !error && (
        <div role="img" aria-label="Loading members" className="h-14 animate-late rounded-xl bg-wash" />
      )}
      {data && (
        <ul aria-label="People" className="divide-y divide-line">
          {data.map((member) => (
            <MemberRow
              key={member.user.id}
              member={member}
              site={site}
              isMe={member.user.id === me?.principal.id}
              mayRemove={mayShare}
              onLeft={onLeft}
            />
          ))}
        </ul>
      )}
      {mayShare ? (
        <AddMember site={site} />
      ) : (
        <p className="mt-4 text-sm text-soft">Only the owner can share it further. Ask {site.owner.email}.</p>
      )}
    </>
  );
}
