// Everybody with an account: who they are, what they may do, when they were last here.

import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type User, type UserFilters, usersQuery } from '@/api/people';
import { ago } from '@/lib/format';
import type { Column } from '@/ui/DataTable';
import { Status } from '@/ui/Status';
import { Moment } from './Moment';
import { PagedTable } from './PagedTable';
import { ROLES, USER_STATES } from './userWords';

type UserTableProps = {
  filters: UserFilters;
  linkUser: (user: User) => ReactNode;
  onOpen: (user: User) => void;
  empty: ReactNode;
};

export function UserTable({ filters, linkUser, onOpen, empty }: UserTableProps) {
  const query = useInfiniteQuery(usersQuery(filters));
  const columns: Column<User>[] = [
    { key: 'who', header: 'Person', cell: (user) => <Person user={user}>{linkUser(user)}</Person> },
    { key: 'role', header: 'Role', cell: ({ role }) => ROLES[role].name },
    { key: 'state', header: 'State', cell: ({ state }) => <Status {...USER_STATES[state]} /> },
    { key: 'sites', header: 'Sites', align: 'right', cell: ({ sites }) => sites },
    { key: 'seen', header: 'Last seen', cell: ({ last_seen_at }) => <LastSeen at={last_seen_at} /> },
  ];
  return (
    <PagedTable label="Users" query={query} columns={columns} rowKey={({ id }) => id} onOpen={onOpen} empty={empty} />
  );
}

function Person({ user: { email, name }, children }: { user: User; children: ReactNode }) {
  return (
    <span className="block min-w-0 wrap-anywhere">
      {children}
      {name !== email && <span className="block text-soft">{email}</span>}
    </span>
  );
}

export function LastSeen({ at }: { at: string | null }) {
  return at ? <Moment at={at}>{ago(at)}</Moment> : <span className="text-soft">Never</span>;
}
