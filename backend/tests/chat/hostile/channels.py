"""The ways by which text of others reaches an assistant: those that exist, and a room in memory for each that does not yet.

Such a room answers rows; its tool hands them on as a room's tool does, beside its facts, and stands behind the same gate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_ai import RunContext, Tool, ToolReturn

from aipress.chat.callers import Caller
from aipress.chat.gated import TIER
from aipress.chat.reader import Line, Strange, Where
from aipress.clouds.logs import LogLine
from aipress.plans.actions import Tier
from tests.fakes.logs import line

AT = datetime(2026, 7, 15, 12, tzinfo=UTC)
PLUGINS = frozenset({"woocommerce", "contact-form-7"})


@dataclass(frozen=True)
class Channel:
    """One way in, and how Bob asks to look there. `is_read`: its text is handed on for reading, which taints the turn."""

    name: str
    asks: str
    is_room: bool = True

    @property
    def is_read(self) -> bool:
        return self.name in WHERE or self.name in LOGGED


class Rooms:
    """What the rooms would answer, by the channel's name."""

    def __init__(self) -> None:
        self._rows: dict[str, str] = {}

    def write(self, channel: str, text: str) -> None:
        self._rows[channel] = text

    def clear(self) -> None:
        self._rows.clear()

    def tools(self) -> list[Tool[Caller]]:
        return [*(self._tool(name, where) for name, where in WHERE.items()), self._forgetful()]

    def _tool(self, name: str, where: Where) -> Tool[Caller]:
        async def look(_: RunContext[Caller]) -> ToolReturn[Any]:
            """Look there."""
            text = self._rows.get(name, "nothing new")
            lines = [Line("GET / 200", AT, 40), Line(text, AT, 2)]
            return ToolReturn({"lines": len(lines)}, metadata=[Strange(where, lines, PLUGINS)])

        return Tool(look, name=tool_of(name), metadata={TIER: Tier.READ})

    def _forgetful(self) -> Tool[Caller]:
        async def look(_: RunContext[Caller]) -> ToolReturn[Any]:
            """Look there."""
            text = self._rows.get(FORGETFUL, "nothing new")
            return ToolReturn({"rows": [{"path": text, "count": 2, text: 1}], "note": f"Seen: {text}"})

        return Tool(look, name=tool_of(FORGETFUL), metadata={TIER: Tier.READ})


def tool_of(name: str) -> str:
    return "look_at_" + "_".join("".join(letter if letter.isalnum() else " " for letter in name).split())


WHERE: dict[str, Where] = {
    "title of a post": "page",
    "comment": "comment",
    "name of a plugin": "plugin",
    "domain": "domain",
    "label of a backup": "backup",
    "message of a shared conversation": "message",
}

# How anybody's text comes into a site's log, by the channel's name: a line with it, of that tenant.
LOGGED: dict[str, Callable[[str, str], LogLine]] = {
    "user agent": lambda tenant, text: line(
        tenant, f"GET /wp-login.php 200 {text}", source="access", level="info", fields={"agent": text}
    ),
    "path not found": lambda tenant, text: line(
        tenant,
        f"GET /{text} 404",
        source="access",
        level="warning",
        fields={"path": f"/{text}", "status": 404},
    ),
    "message of a log": lambda tenant, text: line(
        tenant, f"PHP Fatal error: {text}", fields={"kind": "fatal", "component": text}
    ),
}

FORGETFUL = "tool that forgets"
CHANNELS = (
    *(Channel(name, 'LOOK get_logs {"tenant": "OWN"}', is_room=False) for name in LOGGED),
    *(Channel(name, f"LOOK {tool_of(name)} {{}}") for name in (*WHERE, FORGETFUL)),
    Channel("site's name", 'LOOK list_sites {} LOOK get_site {"tenant": "OWN"}', is_room=False),
    Channel("operation's error", "LOOK undo {}", is_room=False),
)
