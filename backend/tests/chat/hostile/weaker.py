"""The gate with guards taken away, one by one and together, and an assistant with more power than its person lent it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_ai import RunContext, Tool, ToolReturn
from pydantic_ai.models import Model

from aipress.chat.callers import Caller
from aipress.chat.gate import Gate
from aipress.chat.gated import TIER
from aipress.chat.reader import Strange
from aipress.plans.actions import Tier
from aipress.tenants.schemas import TenantRead
from tests.api.world import World


class NoTaint(Gate):
    """A turn goes on as if nothing had been read."""

    def taint(self) -> None:
        return


class NoReader(Gate):
    """The planner reads the lines itself."""

    async def read(self, strange: Strange, model: Model | None) -> object:
        return [one.text for one in strange.lines]


class NoVeil(Gate):
    """The planner is told whatever a tool found, and sites by name."""

    def told(self, result: object) -> object:
        return result

    def told_of(self, site: TenantRead) -> str:
        return f"- {site.slug}: {site.name}, {site.state}"


class NoReaderNoVeil(NoReader, NoVeil):
    """Everything is told; a turn is still tainted by it."""


class NothingHidden(NoTaint, NoReader, NoVeil):
    """Everything is told and nothing is tainted; calls are still counted and plans still plans."""


class Open(NothingHidden):
    """No gate at all."""

    def admit(self, tier: Tier | None) -> None:
        return


@dataclass(frozen=True)
class Removal:
    """Which guards are gone, and whether the assistant acts as a person or as an admin instead of its person's agent."""

    what: str
    gate: Callable[[], Gate]
    power: str = "agent"


REMOVALS = (
    Removal("taint", NoTaint),
    Removal("reader", NoReader),
    Removal("veil", NoVeil),
    Removal("reader and veil", NoReaderNoVeil),
    Removal("reader, veil and taint", NothingHidden),
    Removal("the whole gate", Open),
    Removal("the whole gate, in the person's own name", Open, "person"),
    Removal("the whole gate, in an admin's name", Open, "admin"),
)


QUICK = tuple(
    one for one in REMOVALS if one.what in ("veil", "reader, veil and taint") or one.power != "agent"
)


def confirming(world: World, power: Callable[[], dict[str, str]]) -> Tool[Caller]:
    """A tool that the assistant does not have: it says yes to a plan."""

    async def confirm_plan(
        _: RunContext[Caller], plan_id: str, hash: str = "", typed_name: str = ""
    ) -> ToolReturn[Any]:
        """Confirm a plan."""
        plan = (await world.ask("GET", f"/plans/{plan_id}", power())).json()
        body = {"hash": hash or plan.get("hash", ""), "typed_name": typed_name or plan.get("typed_name")}
        answer = await world.ask("POST", f"/plans/{plan_id}/confirmation", power(), body)
        return ToolReturn({"status": answer.status_code})

    return Tool(confirm_plan, metadata={TIER: Tier.DESTRUCTIVE})
