"""Every way Google can fail, at every call of a site's coming and going: it comes to be or it is undone, and then nothing is left.

Here at the first call of each method; `./aipress prove faults` at every single one.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from aipress import durable
from aipress.clouds.gcp import google, newest, waiting
from gcpsim.faults import KINDS, Fault
from tests.clouds.gcp.lives import WORK, Life, attempt, life, occurrences
from tests.clouds.gcp.servers import Instance, cloud_sql
from tests.clouds.local.rig import short_home
from tests.figures import keep

ALWAYS = 1_000_000
FEW = ("addVersion", "buckets.setIamPolicy", "services.create", "secrets.delete", "services.delete")
MADE = (
    "secrets.create",
    "addVersion",
    "versions.destroy",
    "buckets.insert",
    "serviceAccounts.create",
    "services.create",
    "services.patch",
    "services.delete",
)
FULL = bool(os.environ.get("AIPRESS_PROVE"))


@pytest.fixture(scope="module")
def server() -> Iterator[Instance]:
    with short_home() as home, cloud_sql(home / "m", 9) as made:
        yield made


@pytest.fixture(scope="module")
def alone() -> Iterator[Instance]:
    """A server for a site that has one of its own."""
    with short_home() as home, cloud_sql(home / "m", 10) as made:
        yield made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses as short as can be, so that hundreds of lives are seconds."""
    monkeypatch.setattr(google, "FIRST_PAUSE", 0.0005)
    monkeypatch.setattr(waiting, "FIRST_PAUSE", 0.0005)
    monkeypatch.setattr(newest, "PAUSES", (0.0005,) * 4)


async def calls_of(server: Instance, folder: Path, alone: Instance | None = None) -> list[tuple[str, int]]:
    """Each call of a life without a fault: its method, and how many of that came before. What the look for leftovers asks is none of them."""
    async with life(server, folder, alone) as one:
        await one.begin()
        values = one.values()
        await one.end()
        calls = list(occurrences(one.calls))
        await settled(one, values)
        return calls


async def lived(one: Life, *faults: Fault) -> list[Fault]:
    """A life with these faults in it, which costs no site; returns those that never came. What is true after any life is asserted."""
    one.break_with(*faults)
    await one.begin()
    values = one.values()
    await one.end()
    asked = await settled(one, values)
    assert asked, "something was asked"
    return [fault for fault in faults if fault.times]


async def settled(one: Life, values: Sequence[str]) -> int:
    """Nothing is left, nothing was without its label, no secret was written down; how many calls it took."""
    asked = len(one.calls)
    assert one.unlabelled() == []
    assert one.told(values) == []
    assert await one.leftovers() == set()
    return asked


def kinds_of(method: str) -> tuple[str, ...]:
    return KINDS if method.endswith(WORK) else tuple(kind for kind in KINDS if kind != "operation")


async def test_a_life_without_a_fault_leaves_nothing_and_a_leftover_would_be_seen(
    server: Instance, tmp_path: Path
) -> None:
    async with life(server, tmp_path) as one:
        await one.begin()
        values = one.values()
        left = await one.leftovers()
        assert {name.split("/")[0] for name in left} >= {"run", "iam", "secretmanager", "storage"}
        assert {name.split(" of ")[0] for name in left} >= {"database", "cache user", "placement"}
        one.calls[0].body["canary"] = values[0]
        assert one.told(values) == [values[0]]
        one.calls[0].body.pop("canary")
        made = next(entry for entry in one.calls if entry.method_id.endswith("secrets.create"))
        labels = made.body.pop("labels")
        assert len(one.unlabelled()) == 1
        made.body["labels"] = labels
        await one.end()
        await settled(one, values)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_first_call_of_every_method_fails(kind: str, server: Instance, tmp_path: Path) -> None:
    methods = dict.fromkeys(method for method, _ in await calls_of(server, tmp_path))
    async with life(server, tmp_path) as one:
        faults = [Fault(kind, method) for method in methods if kind in kinds_of(method)]
        assert await lived(one, *faults) == []


@pytest.mark.parametrize("kind", KINDS if FULL else ["lost"])
async def test_one_call_fails(kind: str, server: Instance, tmp_path: Path) -> None:
    calls = [call for call in await calls_of(server, tmp_path) if kind in kinds_of(call[0])]
    if not FULL:
        calls = [(method, number) for method, number in calls if number == 0 and method.endswith(MADE)]
    for method, number in calls:
        async with life(server, tmp_path) as one:
            missed = await lived(one, Fault(kind, method, 1, number))
            assert missed == [], (method, number)
    keep("faults", **{f"calls_that_met_{kind}": len(calls)})


@pytest.mark.parametrize("kind", KINDS if FULL else ["503"])
async def test_what_stays_broken_is_undone_and_what_could_not_be_undone_is_undone_later(
    kind: str, server: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google, "DEADLINE", 0.002)
    monkeypatch.setattr(durable, "PATIENCE", 0.01)
    methods = dict.fromkeys(method for method, _ in await calls_of(server, tmp_path))
    tried = [method for method in methods if kind in kinds_of(method) and (FULL or method.endswith(FEW))]
    undone = 0
    for method in tried:
        async with life(server, tmp_path) as one:
            one.break_with(Fault(kind, method, ALWAYS))
            is_up = await attempt(one.begin())
            values = one.values()
            is_gone = await attempt(one.end())
            assert not (is_up and is_gone) or kind == "lost", (
                method
            )  # what is done, though nobody hears, is done
            one.mend()
            monkeypatch.setattr(durable, "PATIENCE", 20.0)
            await one.end()
            monkeypatch.setattr(durable, "PATIENCE", 0.01)
            await settled(one, values)
            undone += not is_up
    assert undone
    keep("faults", **{f"methods_that_stayed_{kind}": len(tried)})


async def test_a_life_with_an_instance_of_its_own_leaves_nothing_either(
    server: Instance, alone: Instance, tmp_path: Path
) -> None:
    async with life(server, tmp_path, alone) as one:
        await one.begin()
        assert any("/instances/w" in name for name in await one.leftovers())
        values = one.values()
        await one.end()
        await settled(one, values)
        methods = dict.fromkeys(method for method, _ in occurrences(one.calls))
    for kind in KINDS:
        async with life(server, tmp_path, alone) as one:
            faults = [Fault(kind, method) for method in methods if kind in kinds_of(method)]
            assert await lived(one, *faults) == []


@pytest.mark.parametrize("method", ["sql.instances.insert", "sql.instances.patch", "sql.instances.delete"])
async def test_an_instance_of_its_own_that_stays_broken_is_undone_later(
    method: str, server: Instance, alone: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google, "DEADLINE", 0.002)
    monkeypatch.setattr(durable, "PATIENCE", 0.01)
    async with life(server, tmp_path, alone) as one:
        one.break_with(Fault("503", method, ALWAYS))
        is_up, values = await attempt(one.begin()), one.values()
        assert is_up == (method != "sql.instances.insert")
        await attempt(one.end())
        one.mend()
        monkeypatch.setattr(durable, "PATIENCE", 20.0)
        await one.end()
        await settled(one, values)


@pytest.mark.timeout(1800)
@pytest.mark.skipif(not FULL, reason="hundreds of lives: ./aipress prove faults")
@pytest.mark.parametrize("kind", KINDS)
async def test_one_call_fails_of_a_site_with_an_instance_of_its_own(
    kind: str, server: Instance, alone: Instance, tmp_path: Path
) -> None:
    calls = [call for call in await calls_of(server, tmp_path, alone) if kind in kinds_of(call[0])]
    for method, number in calls:
        async with life(server, tmp_path, alone) as one:
            assert await lived(one, Fault(kind, method, 1, number)) == [], (method, number)
    keep("faults", **{f"calls_with_an_own_instance_that_met_{kind}": len(calls)})
