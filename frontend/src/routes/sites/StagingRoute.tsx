// `/sites/$site/staging`. A site has no private copy yet.

import { Link } from '@tanstack/react-router';
import { buttonLook } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Tab } from './Tab';

export function StagingRoute() {
  const create = (
    <Link to="/create" className={buttonLook('secondary')}>
      New site
    </Link>
  );
  return (
    <Tab title="Staging">
      <EmptyState title="There is no staging copy" action={create}>
        A private copy of this site, to try things on and to push to live, will be made here. That is not possible yet;
        a second site is a place to try a theme or a plugin without risk.
      </EmptyState>
    </Tab>
  );
}
