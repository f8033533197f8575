"""The control plane is killed at every step of a move, or the move breaks off there: it goes on or is undone, and is never both."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aipress import clouds, durable
from aipress.durable import Moment
from aipress.operations.models import Operation
from aipress.operations.steps import LABELS
from aipress.tenants import reconciler
from aipress.tenants.reconciler import Findings
from tests.tenants.engine import break_off
from tests.tenants.lasting import quiet
from tests.tenants.lives import Lives
from tests.tenants.moved import HERE, THERE, Two, is_whole, two_clouds
from tests.waiting import until

STEPS = ("look_up_move", *LABELS["move"], "mark_moved")
WHOLE = bool(os.environ.get("AIPRESS_PROVE"))
KILLS = (
    STEPS
    if WHOLE
    else "make_database carry_most_files freeze carry_database change_address carry_the_rest publish switch withdraw carry_mail mark_moved".split()
)
PHASES = ("before", "effect", "after") if WHOLE else ("effect",)
BREAKS = (
    STEPS if WHOLE else ("make_cache", "freeze", "carry_database", "switch", "carry_mail", "remove_cache")
)


@dataclass
class Death:
    """Whoever comes to this moment of a move comes no further."""

    step: str
    phase: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, moment: Moment) -> None:
        if (moment.step, moment.phase) == (self.step, self.phase) and moment.workflow_id.startswith("move:"):
            self.reached.set()
            await asyncio.Event().wait()


@pytest.fixture
def lives(tmp_path: Path) -> Lives:
    return Lives(f"sqlite+aiosqlite:///{tmp_path}/rows.sqlite3", f"sqlite:///{tmp_path}/workflows.sqlite3")


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("step", KILLS)
def test_killed_at_any_step_it_goes_on(
    lives: Lives, step: str, phase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two, _, operation_id = die_at(lives, step, phase, monkeypatch)

    async def go_on() -> None:
        house = await lives.begin()
        two.use()
        done = await house.ended(operation_id)
        assert (done.state, done.error) == ("succeeded", None)
        assert is_whole(two.there, done.environment_id, THERE)
        assert two.here.is_empty()
        await lives.end(house)

    asyncio.run(go_on())


@pytest.mark.parametrize("step", BREAKS)
def test_broken_off_at_any_step_it_is_undone_or_over(
    lives: Lives, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workflow will never go on: the reconciler opens the site where it was, or takes down what it left."""
    two, left, operation_id = die_at(lives, step, "effect", monkeypatch, breaks_off=True)

    async def settle() -> None:
        two.house = await lives.begin()
        two.use()
        await until(lambda: is_settled(two), pause=0.1)
        await quiet()
        async with two.house.session() as session:
            operation = await session.get_one(Operation, operation_id)
        if STEPS.index(step) >= STEPS.index("switch"):
            assert operation.state == "succeeded"
            assert is_whole(two.there, operation.environment_id, THERE)
            assert two.here.is_empty()
        else:
            assert operation.state == "failed"
            assert is_whole(two.here, left, HERE)
            assert two.there.is_empty()
        await lives.end(two.house)

    asyncio.run(settle())


def die_at(
    lives: Lives, step: str, phase: str, monkeypatch: pytest.MonkeyPatch, *, breaks_off: bool = False
) -> tuple[Two, str, str]:
    """A life that ends at this moment of a move; the site's environment, and the operation."""

    async def live() -> tuple[Two, str, str]:
        two = two_clouds(await lives.begin())
        left = await two.site()
        death = Death(step, phase)
        with monkeypatch.context() as patch:
            patch.setattr(durable, "_listeners", [death.hear])
            begun = await two.begin()
            async with asyncio.timeout(20):
                await death.reached.wait()
        await check_never_both(two)
        if breaks_off:
            await break_off(begun.workflow_id)
        await lives.end(two.house)
        return two, left, begun.id

    return asyncio.run(live())


async def is_settled(two: Two) -> bool:
    """A round of the reconciler; whether nothing is on its way any more."""
    await reconciler.reconcile(two.house.rows, Findings())
    await check_never_both(two)
    return sorted(state for _, state, _ in (await two.environments()).values()) == ["live", "removed"]


async def check_never_both(two: Two) -> None:
    """One environment is the site's, and visitors find it."""
    live = [id for id, (kind, _, _) in (await two.environments()).items() if kind == "live"]
    assert len(live) == 1
    assert live[0] in await clouds.named((await two.tenant()).cloud).edge.existing()
