"""When people were last here: noted behind the answer, at most once a minute for each of them."""

from datetime import datetime, timedelta

from sqlalchemy import update

from aipress.kit import clock
from aipress.kit.db import Database, Session
from aipress.users.models import User

AGAIN = timedelta(minutes=1)


class Seen:
    """One for a process. What is noted is written in a transaction of its own: whoever reads keeps nobody waiting."""

    def __init__(self) -> None:
        self._noted: dict[str, datetime] = {}

    def note(self, session: Session, rows: Database, user_id: str) -> None:
        """They are here now; it is written once this request's own work is safe."""
        now = clock.now()
        if now - self._noted.get(user_id, now - 2 * AGAIN) < AGAIN:
            return
        self._noted[user_id] = now

        async def write() -> None:
            async with rows.transaction() as writing:
                await writing.execute(update(User).where(User.id == user_id).values(last_seen_at=now))

        session.after_commit(write)
