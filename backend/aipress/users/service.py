"""What an admin can ask about people: list, add, change, remove. There is always an active admin."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import IntegrityError

from aipress.audit.models import record
from aipress.auth.principal import Principal, Role
from aipress.errors import Conflict, NotFound, Outdated
from aipress.kit import clock, ids, paging
from aipress.kit.db import Session
from aipress.kit.etag import is_current
from aipress.users import in_step
from aipress.users.models import BrowserSession, User
from aipress.users.schemas import Sought, UserCreate, UserUpdate

# What still ties a person to this installation, in words for people; None when nothing of that kind does.
Tie = Callable[[Session, str], Awaitable[str | None]]


async def listed(session: Session, sought: Sought) -> tuple[Sequence[User], str | None]:
    """Whoever is looked for, newest first, and the cursor of the next page."""
    query = select(User)
    if sought.q:
        is_called = User.name.icontains(sought.q, autoescape=True)
        query = query.where(User.email.icontains(sought.q, autoescape=True) | is_called)
    if sought.role:
        query = query.where(User.role == sought.role.value)
    if sought.state:
        query = query.where(User.state == sought.state)
    return await paging.fetch(session, query, User.id, paging.Slice(sought.limit, sought.cursor))


async def how_many(session: Session) -> dict[str, int]:
    """How many people are in each state."""
    counted = select(User.state, func.count()).group_by(User.state)
    return dict((await session.execute(counted)).all())


async def find(session: Session, user_id: str) -> User:
    """The person with this id. Raises NotFound."""
    return _there(await session.get(User, user_id))


async def add(session: Session, who: Principal, wish: UserCreate) -> User:
    """Let somebody in before they ask. Raises Conflict when the address is known."""
    user, is_new = await ensure_person(session, wish.email, wish.role, wish.name)
    if not is_new:
        raise Conflict(f"{wish.email} is here already.")
    record(session, who, "CREATE_USER", user.id, email=user.email, role=user.role)
    return user


async def change(
    session: Session, who: Principal, user_id: str, wish: UserUpdate, if_match: str | None
) -> User:
    """Rename, change the role, suspend, reactivate: from the next request on. Raises Conflict, Outdated."""
    admins, user = await _for_update(session, user_id)
    if not is_current(if_match, etag(user)):
        raise Outdated("Somebody changed this person since you read them. Read them again, then change them.")
    changes = {
        field: value
        for field, value in wish.model_dump().items()
        if value not in (None, getattr(user, field))
    }
    if not changes:
        return user
    if changes.get("role") == Role.TENANT or changes.get("state") == "suspended":
        _check_not_the_last(admins, user)
    for field, value in changes.items():
        setattr(user, field, str(value))
    user.version += 1
    if changes.get("state") == "suspended":
        await _shut_out(session, user)
    if changes.keys() & {"role", "state"}:
        await in_step.note(session, user, is_disabled=_disabled_by(changes))
    record(
        session,
        who,
        "CHANGE_USER",
        user.id,
        email=user.email,
        **{field: str(value) for field, value in changes.items()},
    )
    return user


async def remove(session: Session, who: Principal, user_id: str, ties: Sequence[Tie] = ()) -> None:
    """Forget a person. Raises Conflict while something ties them here, or when they are the last admin."""
    admins, user = await _for_update(session, user_id)
    _check_not_the_last(admins, user)
    for tie in ties:
        if reason := await tie(session, user.id):
            raise Conflict(reason)
    await _shut_out(session, user)
    await session.delete(user)
    record(session, who, "DELETE_USER", user.id, email=user.email)


async def end_sessions(session: Session, who: Principal, user_id: str) -> None:
    """Sign a person out of everything, whatever they do next. Raises NotFound."""
    _, user = await _for_update(session, user_id)
    await _shut_out(session, user)
    record(session, who, "END_SESSIONS", user.id, email=user.email)


async def how_many_sessions(session: Session, user: User) -> int:
    """On how many browsers this person is signed in."""
    alive = (
        BrowserSession.user_id == user.id,
        BrowserSession.expires_at > clock.now(),
        BrowserSession.created_at >= user.tokens_valid_after,
    )
    return await session.scalar(select(func.count(BrowserSession.id_hash)).where(*alive)) or 0


async def ensure_person(session: Session, email: str, role: Role, name: str = "") -> tuple[User, bool]:
    """The person with this address, locked, and whether they are new. `role` and `name` are for a new one."""
    existing = await session.scalar(_locked(email))
    if existing is not None:
        return existing, False
    try:
        async with session.begin_nested():
            user = User(id=ids.new("usr"), email=email, name=name or email.partition("@")[0], role=role.value)
            session.add(user)
    except IntegrityError:
        return (await session.scalars(_locked(email))).one(), False
    return user, True


def etag(user: User) -> str:
    """Which version of a person this is, as an HTTP entity tag."""
    return f'"{user.version}"'


async def _for_update(session: Session, user_id: str) -> tuple[Sequence[User], User]:
    """The active admins and this person, locked in one order: two admins can't demote each other at once."""
    admins = select(User).where(User.role == Role.ADMIN.value, User.state == "active").order_by(User.id)
    locked = (await session.scalars(_fresh(admins))).all()
    return locked, _there(await session.scalar(_fresh(select(User).where(User.id == user_id))))


def _locked(email: str) -> Select[User]:
    return _fresh(select(User).where(User.email == email))


def _fresh(query: Select[User]) -> Select[User]:
    return query.with_for_update().execution_options(populate_existing=True)


def _check_not_the_last(admins: Sequence[User], user: User) -> None:
    if list(admins) == [user]:
        raise Conflict(f"{user.email} is the last active admin. Make somebody else an admin first.")


async def _shut_out(session: Session, user: User) -> None:
    """End every session and token this person has, Firebase's too. Links are looked at when they are opened."""
    user.tokens_valid_after = clock.now()
    await in_step.note(session, user, sign_out=True)
    await session.execute(delete(BrowserSession).where(BrowserSession.user_id == user.id))


def _disabled_by(changes: Mapping[str, object]) -> bool | None:
    """What a change of state means for the person's Firebase account; None when the state is as it was."""
    return changes["state"] == "suspended" if "state" in changes else None


def _there(user: User | None) -> User:
    if user is None:
        raise NotFound("There is no such person.")
    return user
