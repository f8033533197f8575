"""The one gate of the assistant's tools: what may be done in this turn, and what of a result its model is told.

A turn begins with a person's message. Text that others wrote taints it: until the person speaks again it only reads. Each method
is one guard; the hostile suite takes them away one by one and sees what comes through.
"""

from dataclasses import dataclass, field
from typing import Literal

from pydantic_ai.models import Model
from pydantic_ai.usage import RunUsage

from aipress.chat import reader
from aipress.chat.reader import Strange
from aipress.chat.veil import Ours, veiled
from aipress.errors import AIPressError
from aipress.plans.actions import Tier
from aipress.tenants.schemas import TenantRead

Why = Literal["tainted", "calls", "changes", "unknown"]
MOST_CALLS, MOST_CHANGES = 10, 5


class Refused(AIPressError):
    """The gate stays shut, and says what can be done."""

    code = "refused"

    def __init__(self, why: Why) -> None:
        super().__init__(SAID[why])
        self.why = why

    def told(self) -> dict[str, object]:
        return {"problem": SAID[self.why], "refused": self.why}


@dataclass
class Gate:
    """What the assistant may do in one turn of one person.

    `usage` is what every language model used that was asked in it, by its own figures.
    """

    tainted: bool = False
    calls: int = 0
    changes: int = 0
    usage: RunUsage = field(default_factory=RunUsage)

    def admit(self, tier: Tier | None) -> None:
        """Count a call of a tool of this tier (None: of no tier that is known). Raises Refused."""
        self.calls += 1
        if tier is None:
            raise Refused("unknown")
        if self.calls > MOST_CALLS:
            raise Refused("calls")
        if tier > Tier.READ:
            self._admit_change()

    def _admit_change(self) -> None:
        if self.tainted:
            raise Refused("tainted")
        self.changes += 1
        if self.changes > MOST_CHANGES:
            raise Refused("changes")

    def only_proposes(self, tier: Tier) -> bool:
        """Whether what is asked becomes a plan for a person instead of being done."""
        return tier >= Tier.COSTLY

    def taint(self) -> None:
        """Text that others wrote has entered the turn."""
        self.tainted = True

    async def read(self, strange: Strange, model: Model | None) -> object:
        """What the planner is told of text that others wrote: the findings of a reader without tools."""
        return [one.told() for one in await reader.read(strange, model, self.usage)]

    def told(self, result: object) -> object:
        """What the planner is told of a tool's result."""
        return veiled(result)

    def told_of(self, site: TenantRead) -> str:
        """What the planner is told of a site before anything is asked: its name may be anybody's words."""
        return f"- {site.slug}: {site.state}"


SAID: dict[Why, Ours] = {
    "tainted": Ours(
        "What I looked at holds text that others wrote, so I change nothing in the same answer. Nothing was changed. "
        "Say what to do in a message of its own, and I'll do it."
    ),
    "calls": Ours("That is more than I do in one answer. Say what is still to be done in another message."),
    "changes": Ours(
        f"I change at most {MOST_CHANGES} things in one answer. Say what is still to be done in another message."
    ),
    "unknown": Ours("There is no such tool. Nothing was changed."),
}
