// `/admin/users`: everybody with an account. What is searched and filtered stands in the address.

import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { PageHead } from '@/features/admin/PageHead';
import { UserFilters } from '@/features/admin/UserFilters';
import { UserForm } from '@/features/admin/UserForm';
import { UserTable } from '@/features/admin/UserTable';
import { useTitle } from '@/lib/page';
import { Button, buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { LINK } from './look';
import { userFilters, withoutEmpty } from './search';

const here = getRouteApi('/admin/users');

export function UsersRoute() {
  useTitle('Users');
  const filters = userFilters(here.useSearch());
  const navigate = useNavigate();
  const [isAdding, setAdding] = useState(false);
  const open = ({ id }: { id: string }) => void navigate({ to: '/admin/users/$id', params: { id } });
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <UserPlus aria-hidden="true" className="size-4" />
      Add somebody
    </Button>
  );
  return (
    <>
      <PageHead title="Users" action={add}>
        Everybody with an account, newest first.
      </PageHead>
      <UserFilters
        filters={filters}
        onChange={(change) => {
          const search = userFilters(withoutEmpty({ ...filters, ...change }));
          void navigate({ to: '/admin/users', search, replace: true });
        }}
      />
      <UserTable
        filters={filters}
        onOpen={open}
        linkUser={({ id, name }) => (
          <Link to="/admin/users/$id" params={{ id }} className={LINK}>
            {name}
          </Link>
        )}
        empty={<NobodyFound />}
      />
      <UserForm open={isAdding} onClose={() => setAdding(false)} onAdded={open} />
    </>
  );
}

function NobodyFound() {
  return (
    <EmptyState
      title="Nobody matches"
      action={
        <Link to="/admin/users" className={buttonLook('secondary')}>
          Show everybody
        </Link>
      }
    >
      Names and e-mail addresses are searched, also parts of them.
    </EmptyState>
  );
}
