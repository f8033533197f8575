// `/admin/users/$id`: one person.

import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { UserView } from '@/features/admin/UserView';
import { useTitle } from '@/lib/page';
import { buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Back } from './Back';
import { LINK } from './look';

export function UserRoute() {
  useTitle('User');
  const { id = '' } = useParams({ strict: false });
  const navigate = useNavigate();
  return (
    <>
      <Back to="/admin/users">Users</Back>
      <UserView
        key={id}
        id={id}
        linkSite={({ slug, name }) => (
          <Link to="/admin/tenants/$id" params={{ id: slug }} className={LINK}>
            {name}
          </Link>
        )}
        missing={<Nobody />}
        onRemoved={() => void navigate({ to: '/admin/users' })}
      />
    </>
  );
}

function Nobody() {
  return (
    <>
      <h1 className="sr-only">Nobody here</h1>
      <EmptyState
        title="There is no such person"
        action={
          <Link to="/admin/users" className={buttonLook('secondary')}>
            See everybody
          </Link>
        }
      >
        They may have been deleted. The log still says what they did.
      </EmptyState>
    </>
  );
}
