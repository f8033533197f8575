"""The services keep their word: requests made up from their descriptions, alone and in sequence, and every answer held against it.

`./aipress prove schemathesis` asks more than 10,000.
"""

import os
from pathlib import Path

import pytest

from aipress.chat.app import create_app as create_assistant
from tests import make
from tests.api.careless import careless_app
from tests.api.describing import PHASES, Told, ask_everything, served
from tests.api.world import World
from tests.chat.wire.conftest import Puppet
from tests.figures import keep
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together
FULL = bool(os.environ.get("AIPRESS_PROVE"))
EXAMPLES = 20 if FULL else 3
# In the daily run each kind of caller meets one engine.
ASKING = {"sqlite": ("tenant", "agent"), "postgresql": ("admin", "operator")}
CONVERSATIONS = 25  # to begin with: what is made up seldom begins one, and often forgets one
EVERYBODY = ("tenant", "agent", "admin", "operator")


async def caller(world: World, kind: str) -> tuple[Headers, str]:
    """What this kind of caller shows, and whose account it is."""
    if kind == "operator":
        return make.as_operator(world.settings), "operator"
    person = await (make.admin if kind == "admin" else make.user)(world.rows)
    return (make.as_agent if kind == "agent" else make.as_person)(world.settings, person), person.id


async def furnish(world: World, shown: Headers, name: str) -> None:
    """Something to begin with, so that sequences lead somewhere: sites, plans, conversations."""
    for number in range(3):
        site = await world.site(shown, f"{name} {number}")
        await world.ask(
            "POST", "/plans", shown, {"action": "DELETE_SITE", "arguments": {"tenant": site["slug"]}}
        )
    for number in range(CONVERSATIONS):
        await world.ask("POST", "/threads", shown, {"title": f"Thread {number}"})


@pytest.mark.timeout(3600)
async def test_every_answer_is_as_described_and_none_is_a_crash(world: World, tmp_path: Path) -> None:
    engine, told = world.rows.engine.dialect.name, Told()
    async with served(world.app, tmp_path) as place:
        for kind in EVERYBODY if FULL else ASKING[engine]:
            shown, own = await caller(world, kind)
            await furnish(world, shown, kind)
            one = await ask_everything(place, shown, EXAMPLES, tmp_path / kind, own)
            check_it_asked(one)
            told += one
    write_down(f"the control plane on {engine}", told)
    assert told.cases.total() >= (6_000 if FULL else 2_000)
    assert told.failures == []


@pytest.mark.timeout(3600)
async def test_the_assistant_keeps_its_word_too(world: World, tmp_path: Path) -> None:
    puppet, (shown, own) = Puppet(), await caller(world, "tenant")
    app = create_assistant(world.settings, puppet.engine)
    app.state.http = make.client_of(world.app)
    async with served(app, tmp_path) as place:
        async with make.client_of(app, headers=shown) as client:
            for number in range(CONVERSATIONS):
                await client.post("/chat", json={"message": {"id": f"m{number}", "text": "hello"}})
        told = await ask_everything(place, shown, 2 * EXAMPLES, tmp_path / "chat", own)
    await app.state.runs.close()
    await app.state.http.aclose()
    write_down(f"the assistant on {world.rows.engine.dialect.name}", told)
    check_it_asked(told)
    assert puppet.seen
    assert told.failures == []


async def test_mistakes_would_be_found(tmp_path: Path) -> None:
    async with served(careless_app(), tmp_path) as place:
        told = await ask_everything(place, {"Authorization": "Bearer invented"}, 20, tmp_path / "careless")
    check_it_asked(told)
    found = "\n".join(told.failures)
    for title in (
        "Server error",
        "Response violates schema",
        "Deleted resource still available",
        "without authentication",
    ):
        assert title in found


def check_it_asked(told: Told) -> None:
    """Every phase ran, links were followed from one answer into the next request, and many answers were no refusal."""
    assert told.phases.keys() >= set(PHASES)
    assert {told.phases[phase] for phase in PHASES} <= {"success", "failure"}, told.phases
    assert told.cases["stateful"]
    assert told.links
    assert told.answered(2) > told.cases.total() / 20


def write_down(what: str, told: Told) -> None:
    cases = told.cases
    said = (
        f"{cases.total()} cases, {cases['stateful']} of them in sequences that followed {told.links.total()} links, "
        f"{told.answered(5)} server errors, {len(told.failures)} failures"
    )
    keep("schemathesis", **{what: said})
    print(f"\n{what}: {said}\n{dict(cases)}\n{dict(told.statuses)}\n{dict(told.links)}")  # noqa: T201
