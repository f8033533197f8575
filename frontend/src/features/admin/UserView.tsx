// One person: who they are, what they may do, where they are signed in, which sites they have a part in.

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { meQuery } from '@/api/me';
import { type UserDetail, userQuery } from '@/api/people';
import { ApiProblem } from '@/api/problem';
import { CopyButton } from '@/ui/CopyButton';
import { PageHead } from './PageHead';
import { RemoveUser } from './RemoveUser';
import { Section } from './Section';
import { Trouble } from './Trouble';
import { UserAccess } from './UserAccess';
import { UserFacts } from './UserFacts';
import { UserName } from './UserName';
import { UserRole } from './UserRole';

type UserViewProps = {
  id: string;
  linkSite: (site: UserDetail['tenants'][number]) => ReactNode;
  missing: ReactNode;
  onRemoved: () => void;
};

export function UserView({ id, linkSite, missing, onRemoved }: UserViewProps) {
  const { data, error, refetch } = useQuery(userQuery(id));
  const { data: me } = useQuery(meQuery);
  if (error instanceof ApiProblem && error.status === 404) return missing;
  if (error && !data) return <Trouble what="This person" error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton />;
  const { user } = data;
  const isMe = user.id === me?.principal.id;
  return (
    <>
      <PageHead title={user.name}>
        <span className="flex items-center gap-1">
          <span className="min-w-0 wrap-anywhere">{user.email}</span>
          <CopyButton text={user.email} what="the e-mail address" />
          {isMe && <span className="ml-1 rounded-full bg-accent-wash px-2 text-xs leading-6 text-accent">You</span>}
        </span>
      </PageHead>
      <UserFacts user={user} />
      <UserRole known={data} isMe={isMe} />
      <UserAccess known={data} isMe={isMe} />
      <Section title="Sites" about="Those they own, and those shared with them.">
        <TheirSites user={user} linkSite={linkSite} />
      </Section>
      <UserName known={data} />
      <RemoveUser user={user} onRemoved={onRemoved} />
    </>
  );
}

function TheirSites({ user: { tenants }, linkSite }: Pick<UserViewProps, 'linkSite'> & { user: UserDetail }) {
  if (tenants.length === 0) return <p className="text-sm text-soft">No site yet.</p>;
  return (
    <ul className="divide-y divide-line text-sm">
      {tenants.map((site) => (
        <li key={site.id} className="flex items-center justify-between gap-4 py-2 first:pt-0">
          {linkSite(site)}
          <span className="text-soft">{site.access === 'owner' ? 'Owner' : 'Member'}</span>
        </li>
      ))}
    </ul>
  );
}

function Skeleton() {
  return (
    <div role="img" aria-label="Loading the person" className="animate-late">
      <div className="h-8 w-56 rounded-full bg-wash" />
      <div className="mt-4 h-4 w-72 max-w-full rounded-full bg-wash" />
      <div className="mt-10 h-24 rounded-card bg-wash" />
      <div className="mt-4 h-24 rounded-card bg-wash" />
    </div>
  );
}
