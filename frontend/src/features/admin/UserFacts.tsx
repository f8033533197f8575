// What can be said of a person at a glance.

import type { UserDetail } from '@/api/people';
import { Status } from '@/ui/Status';
import { Facts } from './Facts';
import { day, Moment } from './Moment';
import { LastSeen } from './UserTable';
import { USER_STATES } from './userWords';

export function UserFacts({ user }: { user: UserDetail }) {
  return (
    <Facts
      facts={[
        ['State', <Status key="state" {...USER_STATES[user.state]} />],
        ['Sites owned', user.sites],
        ['Last seen', <LastSeen key="seen" at={user.last_seen_at} />],
        [
          'Added',
          <Moment key="added" at={user.created_at}>
            {day(user.created_at)}
          </Moment>,
        ],
      ]}
    />
  );
}
