"""Firebase kept in step with our rows: what an account has to be told is noted with the change itself, told after the
commit, and told again until it is heard. The rows stay the truth; a token's role claim is a hint for other programs.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from aipress.auth.accounts import Accounts
from aipress.errors import CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Database, Session
from aipress.users.models import FirebaseNews, User, fresh_secret

log = logs.get()
ROUND_SECONDS = 60
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
AT_ONCE = 100
_tellers: set[Callable[[], None]] = set()


async def note(
    session: Session, user: User, *, is_disabled: bool | None = None, sign_out: bool = False
) -> None:
    """This person's account is to be told their role, and what else changed. Nothing for whoever has none."""
    if user.firebase_uid is None:
        return
    news = await session.get(FirebaseNews, user.firebase_uid, with_for_update=True, populate_existing=True)
    if news is None:
        news = FirebaseNews(uid=user.firebase_uid, sign_out=False)
        session.add(news)
    news.is_disabled = news.is_disabled if is_disabled is None else is_disabled
    news.sign_out = news.sign_out or sign_out
    news.note, news.tries, news.due_at = fresh_secret(), 0, clock.now()
    await session.flush()
    session.after_commit(_wake_tellers)


async def keep_in_step(rows: Database, accounts: Accounts) -> None:
    """Tell what is due as it comes up, and every minute what could not be told, until cancelled."""
    there_is_news = asyncio.Event()
    _tellers.add(there_is_news.set)
    try:
        while True:
            there_is_news.clear()
            try:
                await tell_what_is_due(rows, accounts)
            except Exception:
                log.exception("keeping Firebase in step failed; the next round comes")
            await _wait(there_is_news)
    finally:
        _tellers.discard(there_is_news.set)


async def tell_what_is_due(rows: Database, accounts: Accounts) -> None:
    """One round. What can't be told is put off, ever longer, up to an hour."""
    async with rows.reading() as session:
        due = select(FirebaseNews).where(FirebaseNews.due_at <= clock.now()).order_by(FirebaseNews.due_at)
        waiting = (await session.scalars(due.limit(AT_ONCE))).all()
    for news in waiting:
        try:
            await _tell(rows, accounts, news)
        except CloudError:
            await _put_off(rows, news)
        else:
            await _heard(rows, news)


async def _tell(rows: Database, accounts: Accounts, news: FirebaseNews) -> None:
    """What the rows say now, not what they said when it was noted."""
    async with rows.reading() as session:
        role = await session.scalar(select(User.role).where(User.firebase_uid == news.uid))
    await accounts.set_role(news.uid, role)
    if news.is_disabled is not None:
        await accounts.set_disabled(news.uid, news.is_disabled)
    if news.sign_out:
        await accounts.sign_out(news.uid)


async def _heard(rows: Database, news: FirebaseNews) -> None:
    async with rows.transaction() as session:
        await session.execute(delete(FirebaseNews).where(*_the_same(news)))


async def _put_off(rows: Database, news: FirebaseNews) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(news.tries, 10), LONGEST_PAUSE)
    log.warning("a Firebase account could not be told; it is told later", tries=news.tries + 1)
    async with rows.transaction() as session:
        later = update(FirebaseNews).where(*_the_same(news))
        await session.execute(later.values(tries=news.tries + 1, due_at=clock.now() + pause))


def _the_same(news: FirebaseNews) -> tuple[ColumnElement[bool], ...]:
    return FirebaseNews.uid == news.uid, FirebaseNews.note == news.note


async def _wake_tellers() -> None:
    for wake in _tellers:
        wake()


async def _wait(event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(ROUND_SECONDS):
            await event.wait()
    except TimeoutError:
        return
