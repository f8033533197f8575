"""People as the API shows them: their rows, and what is told of their sites."""

from collections.abc import Sequence

from aipress.kit.db import Session
from aipress.users import service, sites
from aipress.users.models import User
from aipress.users.schemas import UserDetailRead, UserRead, UserSiteRead


async def shown(session: Session, users: Sequence[User]) -> list[UserRead]:
    """These people, each with how many sites they own."""
    owned = await sites.how_many(session, [user.id for user in users])
    return [UserRead.model_validate(_facts(user, owned.get(user.id, 0))) for user in users]


async def one(session: Session, user: User) -> UserRead:
    """One person."""
    return (await shown(session, [user]))[0]


async def whole(session: Session, user: User) -> UserDetailRead:
    """One person, with their sites and the number of their browsers."""
    theirs = [
        UserSiteRead.model_validate(site, from_attributes=True) for site in await sites.of(session, user.id)
    ]
    owned = await sites.how_many(session, [user.id])
    facts = _facts(user, owned.get(user.id, 0))
    sessions = await service.how_many_sessions(session, user)
    return UserDetailRead.model_validate(facts | {"tenants": theirs, "sessions": sessions})


def _facts(user: User, owned: int) -> dict[str, object]:
    fields = ("id", "email", "name", "role", "state", "created_at", "last_seen_at")
    return {field: getattr(user, field) for field in fields} | {"sites": owned}
