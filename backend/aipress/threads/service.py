"""What can be asked of one's conversations: start, list, read, rename, write into, forget. Sharing is in `sharing.py`."""

from sqlalchemy.orm import raiseload

from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.errors import NotFound
from aipress.kit import clock, ids, paging
from aipress.kit.db import Session
from aipress.threads.models import Thread, ThreadMessage, visible_to
from aipress.threads.schemas import MessageRead, MessageWrite, Question, ThreadRead, ThreadSummary


async def begin(session: Session, principal: Principal, title: str) -> Thread:
    """A new thread, with an id nobody can guess."""
    thread = Thread(id=ids.new("thr"), owner_id=principal.id, title=title, messages=[])
    session.add(thread)
    await session.flush()
    return thread


async def listed(session: Session, principal: Principal, wanted: paging.Slice) -> paging.Page[ThreadSummary]:
    """The caller's threads, newest first. What was said in them is not even looked at."""
    bare = visible_to(principal).options(raiseload(Thread.messages))
    rows, cursor = await paging.fetch(session, bare, Thread.id, wanted)
    return paging.Page(items=[summary(row) for row in rows], next_cursor=cursor)


async def find(session: Session, principal: Principal, thread_id: str) -> Thread:
    """The thread, if it is this caller's. Raises NotFound."""
    found = await session.scalar(visible_to(principal).where(Thread.id == thread_id))
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


async def write(session: Session, thread: Thread, message_id: str, written: MessageWrite) -> ThreadMessage:
    """Put a message into the thread, or replace the one with this id. Writers of one thread wait for each other.

    What is kept of an answer while it is being given is no news of the thread: nobody is told of it.
    """
    await session.refresh(thread, with_for_update=True)
    message = next((one for one in thread.messages if one.id == message_id), None)
    is_news = message is None or not written.active
    if message is None:
        message = ThreadMessage(id=message_id, position=len(thread.messages), created_at=clock.now())
        thread.messages.append(message)
    message.role, message.text, message.active = written.role, written.text, written.active
    message.chunks, message.history = written.chunks, written.history
    if is_news:
        thread.updated_at = clock.now()
    thread.asks = [one.model_dump() for one in questions_in(written)]
    if not thread.title and written.role == "user" and written.text:
        thread.title = written.text[:120]
    await session.flush()
    return message


def rename(session: Session, principal: Principal, thread: Thread, title: str) -> None:
    """Give it another title. The log says that it was renamed, and not how: titles are as private as what was said."""
    if title == thread.title:
        return
    thread.title = title
    record(session, principal, "RENAME_THREAD", thread.id)


async def forget(session: Session, principal: Principal, thread: Thread) -> None:
    """The conversation and all that was said in it, gone, and with it the link that showed it."""
    await session.delete(thread)
    record(session, principal, "DELETE_THREAD", thread.id)


def questions_in(written: MessageWrite) -> list[Question]:
    """What a message asks of the person, by the cards in it."""
    cards = [(chunk.get("type"), chunk.get("data")) for chunk in written.chunks or ()]
    found = [Question(kind="choice") for kind, _ in cards if kind == "data-choices"]
    plans = [card["plan_id"] for kind, card in cards if kind == "data-plan" and isinstance(card, dict)]
    return [*found, *(Question(kind="plan", plan_id=plan_id) for plan_id in plans)]


def summary(thread: Thread) -> ThreadSummary:
    return ThreadSummary.model_validate(thread, from_attributes=True)


def shown(thread: Thread) -> ThreadRead:
    """The thread as the API shows it, messages in the order they were said."""
    return ThreadRead(
        **summary(thread).model_dump(), messages=[shown_message(one) for one in thread.messages]
    )


def shown_message(message: ThreadMessage) -> MessageRead:
    return MessageRead.model_validate(message, from_attributes=True)
