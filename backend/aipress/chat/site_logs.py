"""What the assistant tells of a site's logs: how many lines there are, and what was read in them. The lines are on the person's screen.

Anybody can write a line into a log, by a request for a page that does not exist. So no line is ever a fact: all of them are `Strange`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from pydantic_ai import ToolReturn

from aipress.chat import answers
from aipress.chat.answers import Link
from aipress.chat.callers import Caller
from aipress.chat.reader import Line, Strange
from aipress.kit import clock
from aipress.plans.arguments import WhichLogs
from aipress.telemetry.schemas import LogLineRead

Result = dict[str, Any]
LINES = 200  # that are looked at for one answer
USUAL, OF_TROUBLE = timedelta(hours=1), timedelta(days=1)
AROUND = timedelta(minutes=15)


async def get_logs(caller: Caller, wish: WhichLogs, _: str) -> ToolReturn[Result]:
    """How much of what was written in a window, and the newest of it for the screen."""
    site = await caller.control_plane.site(wish.tenant)
    since, until = window_of(wish, clock.now())
    asked = asked_of(wish) | {"since": since.isoformat(), "until": until.isoformat()}
    counts = await caller.control_plane.log_counts(site.slug, asked)
    page = await caller.control_plane.logs(site.slug, asked | {"limit": str(LINES)})
    levels = Counter[str]()
    for one in counts.items:
        levels[one.level] += one.count
    told: Result = {
        "tenant": site.slug,
        "name": site.name,
        "since": _minute(since),
        "until": _minute(until),
        "source": wish.source,
        "level": wish.level,
        "found": levels.total(),
        "levels": dict(levels),
        "shown": len(page.items),
    }
    link = answers.part("logs", Link(label="All of its log", path=f"/sites/{site.slug}/logs"))
    strange = [Strange("log", together(page.items))] if page.items else []
    return ToolReturn(told, metadata=[*strange, link])


def window_of(wish: WhichLogs, now: datetime) -> tuple[datetime, datetime]:
    """From when until when: around a moment (today's, or yesterday's while that is still to come), as far back as asked, or a day for what went wrong and an hour for all there is."""
    if wish.around is not None:
        around = wish.around if wish.around <= now else wish.around - timedelta(days=1)
        return around - AROUND, min(around + AROUND, now)
    if wish.since is not None:
        return now - TypeAdapter(timedelta).validate_python(wish.since), now
    is_trouble = wish.q or wish.level not in (None, "debug", "info", "notice")
    return now - (OF_TROUBLE if is_trouble else USUAL), now


def asked_of(wish: WhichLogs) -> dict[str, str]:
    """The query of the API. PHP's notices are information there."""
    level = "info" if wish.level == "notice" else wish.level
    asked = {"source": wish.source, "level": level, "q": wish.q, "request_id": wish.request}
    return {name: value for name, value in asked.items() if value}


def together(lines: Sequence[LogLineRead]) -> list[Line]:
    """What was written, newest first, once with how often."""
    newest: dict[str, datetime] = {}
    often = Counter[str]()
    for one in lines:
        newest.setdefault(one.message, one.time)
        often[one.message] += 1
    return [Line(text, at, often[text]) for text, at in newest.items()]


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%MZ}"
