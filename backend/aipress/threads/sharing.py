"""Showing a thread to whoever has its link: what had been said when the link was made, in words alone.

The link's secret is stored as its hash. A new link ends the one before.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.config import Settings
from aipress.errors import Invalid, NotFound
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.threads.models import Thread, ThreadMessage, shown_by
from aipress.threads.schemas import SharedMessage, SharedPart, SharedThread, ShareRead
from aipress.users.models import fresh_secret, hash_of

LONGEST_SECRET = 64
CARDS = {
    "data-operation": "Here stood a card with the progress of what was done.",
    "data-plan": "Here stood a plan to read and confirm.",
    "data-site": "Here stood a card of a site.",
    "data-sites": "Here stood a list of sites.",
    "data-advice": "Here stood advice on what a site costs.",
    "data-table": "Here stood a table.",
    "data-chart": "Here stood a chart.",
    "data-link": "Here stood a way to a page of AIPress.",
    "data-admin": "Here stood a button into WordPress.",
    "data-choices": "Here stood answers to choose from.",
    "data-run": "This answer was stopped.",
    "error": "This answer did not come to its end.",
}
ANOTHER = "Here stood a card."


async def share(session: Session, who: Principal, thread: Thread, settings: Settings) -> ShareRead:
    """A link to what was said so far. Raises Invalid while that is nothing."""
    await session.refresh(thread, with_for_update=True)
    whole = _whole(thread.messages)
    if not whole:
        raise Invalid("Nothing was said in this conversation yet, so there is nothing to share.")
    secret = fresh_secret()
    thread.share_hash, thread.shared_messages = hash_of(secret), len(whole)
    thread.shared_at = clock.now()
    record(session, who, "SHARE_THREAD", thread.id)
    await session.flush()
    return ShareRead(url=f"{settings.base_url}/shared/{secret}", shared_at=thread.shared_at)


def stop(session: Session, who: Principal, thread: Thread) -> None:
    """The link shows nothing any more. Safe to say twice."""
    if thread.share_hash is None:
        return
    thread.share_hash, thread.shared_at, thread.shared_messages = None, None, 0
    record(session, who, "UNSHARE_THREAD", thread.id)


async def look(session: Session, secret: str) -> SharedThread:
    """What the link with this secret shows. Raises NotFound for one that was ended, or never was."""
    thread = await session.scalar(shown_by(secret))
    if thread is None or thread.shared_at is None:
        raise NotFound("This link shows nothing. Whoever made it may have stopped sharing.")
    shown = thread.messages[: thread.shared_messages]
    messages = [_reduced(one) for place, one in enumerate(shown) if not _was_tried_again(shown, place)]
    return SharedThread(title=thread.title, shared_at=thread.shared_at, messages=messages)


def _whole(messages: Sequence[ThreadMessage]) -> Sequence[ThreadMessage]:
    """All but an answer that is still being given."""
    return messages[:-1] if messages and messages[-1].active else messages


def _was_tried_again(messages: Sequence[ThreadMessage], place: int) -> bool:
    """Whether another answer to the same words follows this one, which failed."""
    after = messages[place + 1 : place + 2]
    return messages[place].role == "assistant" and any(one.role == "assistant" for one in after)


def _reduced(message: ThreadMessage) -> SharedMessage:
    if message.role == "user":
        return SharedMessage(role="user", parts=[SharedPart(kind="text", text=message.text or "")])
    return SharedMessage(role="assistant", parts=list(_parts(message.chunks or ())))


def _parts(chunks: Sequence[dict[str, Any]]) -> Iterator[SharedPart]:
    """An answer's words, and a sentence for each card, in order. What tools were told and answered stays away."""
    said: dict[str, str] = {}
    for chunk in chunks:
        if chunk.get("type") == "text-delta":
            said[str(chunk.get("id"))] = said.get(str(chunk.get("id")), "") + str(chunk.get("delta", ""))
    for chunk in chunks:
        kind = str(chunk.get("type"))
        if kind == "text-delta" and (text := said.pop(str(chunk.get("id")), "").strip()):
            yield SharedPart(kind="text", text=text)
        elif kind.startswith("data-") or kind in CARDS:
            yield SharedPart(kind="card", text=CARDS.get(kind, ANOTHER))
