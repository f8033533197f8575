"""How much of a language model a person may use a day: granted before an answer, counted after it, shown at any time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, func

from aipress.auth.principal import Principal
from aipress.errors import Invalid, NotFound
from aipress.kit import clock, ids
from aipress.kit.db import Session
from aipress.tenants import service as tenants
from aipress.usage.models import TokenUse, visible_to
from aipress.usage.prices import Tokens, cost_of
from aipress.usage.schemas import Cost, GrantRead, GrantWish, Today, UsageRead, UseRead, UseWrite, Who
from aipress.users.models import User

MOST_PER_ANSWER = 100_000
# Longer than any answer takes: what was open longer has died with its service.
OPEN_FOR = timedelta(minutes=10)
MOST_DAYS, MOST_ROWS = 92, 1000
COUNTED = TokenUse.input_tokens + TokenUse.output_tokens


@dataclass(frozen=True)
class Budget:
    """How many tokens each person may use in one day, which begins at midnight UTC; 0 is no limit."""

    tokens: int
    now: Callable[[], datetime] = clock.now


async def grant(session: Session, caller: Principal, wish: GrantWish, budget: Budget) -> GrantRead:
    """Set tokens of the caller's day aside for one answer, so that two at once can't both have the last ones."""
    await session.take_turns(f"token_use {caller.id}")  # one request of a person waits here for the other
    now = budget.now()
    used, spoken_for = await _used(session, caller, now)
    if budget.tokens and spoken_for >= budget.tokens:
        return _granted(None, 0, "used_up" if used >= budget.tokens else "waiting", budget, now)
    tokens = min(MOST_PER_ANSWER, budget.tokens - spoken_for) if budget.tokens else 0
    row = TokenUse(
        id=ids.new("use"),
        person_id=caller.id,
        day=now.date(),
        at=now,
        engine=wish.engine,
        model=wish.model,
        granted=tokens,
        open_until=now + OPEN_FOR,
    )
    session.add(row)
    return _granted(row.id, tokens, "granted", budget, now)


async def note(session: Session, caller: Principal, use_id: str, figures: UseWrite) -> None:
    """Count what an answer used. Figures only grow. Raises NotFound for an answer that is not the caller's."""
    theirs = visible_to(caller).where(TokenUse.id == use_id, TokenUse.person_id == caller.id)
    row = await session.scalar(theirs.with_for_update())
    if row is None:
        raise NotFound("There is no such answer of yours.")
    for name in ("requests", "input_tokens", "cached_tokens", "output_tokens"):
        setattr(row, name, max(getattr(row, name), getattr(figures, name)))
    if figures.tenant:
        row.tenant_id = await _tenant(session, caller, figures.tenant) or row.tenant_id
    if figures.ended:
        row.open_until = None


async def shown(
    session: Session, caller: Principal, budget: Budget, since: date | None, until: date | None
) -> UsageRead:
    """What the caller's answers used, or everybody's for an admin. Raises Invalid for days that make no window."""
    now = budget.now()
    until = until or now.date()
    since = since or until - timedelta(days=29)
    if not timedelta(0) <= until - since < timedelta(days=MOST_DAYS):
        why = f"`since` has to be at most {MOST_DAYS - 1} days before `until`, and not behind it."
        raise Invalid(why, {"since": why})
    rows = (await session.execute(_by_day(caller, since, until))).all()
    return UsageRead(
        as_of=now,
        since=since,
        until=until,
        tokens_per_day=budget.tokens,
        today=await _today(session, caller, budget, now),
        items=[_shown(row) for row in rows[:MOST_ROWS]],
        is_whole=len(rows) <= MOST_ROWS,
    )


async def _used(session: Session, caller: Principal, now: datetime) -> tuple[int, int]:
    """How many tokens of today the caller's answers have used; and how many with what those being given may still use."""
    is_open = (TokenUse.open_until > now) & (TokenUse.granted > COUNTED)
    mine = visible_to(caller).where(TokenUse.person_id == caller.id, TokenUse.day == now.date())
    sums = mine.with_only_columns(
        func.coalesce(func.sum(COUNTED), 0),
        func.coalesce(func.sum(case((is_open, TokenUse.granted), else_=COUNTED)), 0),
    )
    used, spoken_for = (await session.execute(sums)).one()
    return int(used), int(spoken_for)


def _granted(use_id: str | None, tokens: int, state: Any, budget: Budget, now: datetime) -> GrantRead:
    limited = tokens if budget.tokens else None
    return GrantRead(
        state=state, id=use_id, tokens=limited, tokens_per_day=budget.tokens, free_at=_next_day(now)
    )


async def _today(session: Session, caller: Principal, budget: Budget, now: datetime) -> Today:
    _, tokens = await _used(session, caller, now)
    left = max(0, budget.tokens - tokens) if budget.tokens else None
    return Today(day=now.date(), tokens=tokens, left=left, free_at=_next_day(now))


def _next_day(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


async def _tenant(session: Session, caller: Principal, id_or_slug: str) -> str | None:
    """The site's id, if it is there and the caller may see it."""
    try:
        return (await tenants.find(session, caller, id_or_slug)).id
    except NotFound:
        return None


def _by_day(caller: Principal, since: date, until: date) -> Select[Any]:
    """One row for each day, person, site, engine and model, newest first."""
    kinds = (TokenUse.day, TokenUse.person_id, TokenUse.tenant_id, TokenUse.engine, TokenUse.model)
    sums = (TokenUse.requests, TokenUse.input_tokens, TokenUse.cached_tokens, TokenUse.output_tokens)
    chosen = visible_to(caller).where(TokenUse.day >= since, TokenUse.day <= until)
    named = chosen.outerjoin(User, User.id == TokenUse.person_id)
    figures = [func.sum(one).label(one.key) for one in sums]
    columns: tuple[Any, ...] = (*kinds, User.email, func.count(TokenUse.id).label("answers"), *figures)
    grouped = named.with_only_columns(*columns).group_by(*kinds, User.email)
    return grouped.order_by(TokenUse.day.desc(), *kinds[1:]).limit(MOST_ROWS + 1)


def _shown(row: Row[Any]) -> UseRead:
    used = Tokens(int(row.input_tokens), int(row.cached_tokens), int(row.output_tokens))
    amount = cost_of(row.engine, row.model, row.day, used)
    return UseRead(
        day=row.day,
        person=Who(id=row.person_id, email=row.email),
        tenant=row.tenant_id,
        engine=row.engine,
        model=row.model,
        answers=row.answers,
        requests=int(row.requests),
        input_tokens=used.input,
        cached_tokens=used.cached,
        output_tokens=used.output,
        tokens=used.input + used.output,
        cost=None if amount is None else Cost(amount=amount),
    )
