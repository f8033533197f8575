"""The way to Google: requests, pages, operations, errors and retries, on the simulator over HTTP."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import accounts, buckets, domains, google, secrets, waiting
from aipress.clouds.gcp.answers import Gone, Taken
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.services import service
from aipress.errors import CloudBusy, CloudRefused
from gcpsim.faults import parse_fault
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp.rig import DOMAIN, ENVIRONMENT, PARTS, PLACE
from tests.clouds.gcp.simulated import answering


@pytest.fixture
def simulator() -> Iterator[tuple[Simulator, str]]:
    made = Simulator(new_world())
    with answering(made) as endpoint:
        yield made, endpoint


@pytest.fixture
async def asker(
    simulator: tuple[Simulator, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Google, Simulator]]:
    monkeypatch.setattr(google, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(waiting, "FIRST_PAUSE", 0.001)
    made = Google(simulator[1])
    yield made, simulator[0]
    await made.aclose()


async def test_what_is_made_is_there_once_and_gone_when_it_was_deleted(
    asker: tuple[Google, Simulator],
) -> None:
    ask, _ = asker
    bucket = buckets.bucket(ENVIRONMENT, PLACE)
    await ask.make(bucket)
    with pytest.raises(Taken):
        await ask.make(bucket)
    path = f"/storage/v1/b/{bucket.name}"
    assert (await ask.read("storage", path))["name"] == bucket.name
    for _ in range(2):
        await ask.delete("storage", path)
    with pytest.raises(Gone):
        await ask.read("storage", path)


async def test_an_operation_is_waited_for_and_ends_with_what_was_made(
    asker: tuple[Google, Simulator],
) -> None:
    ask, simulator = asker
    await ask.make(accounts.account(ENVIRONMENT, PLACE))
    for name in PARTS.pins:
        made = secrets.secret(ENVIRONMENT, PLACE, f"w{ENVIRONMENT.id}-{name.lower().replace('_', '-')}")
        await ask.make(made)
        await ask.ask(secrets.version(PLACE, made.name, b"x"))
        await ask.ask(accounts.reads_secret(ENVIRONMENT, PLACE, made.name))
    parts = replace(PARTS, supply=replace(PARTS.supply, versions={}))
    simulator.world.latency = 30
    making = asyncio.create_task(ask.make(service(parts, PLACE)))
    while not any("/operations/" in entry.path for entry in simulator.world.journal.entries):
        await asyncio.sleep(0.01)
    assert not making.done()
    simulator.world.clock.pass_time(31)
    made_service = await making
    assert str(made_service["name"]).endswith(f"/services/{service(parts, PLACE).name}")
    found = await ask.read("run", f"/v2/{made_service['name']}")
    assert found["uid"] == made_service["uid"]


async def test_an_operation_that_fails_is_an_error(asker: tuple[Google, Simulator]) -> None:
    ask, simulator = asker
    simulator.world.faults.planned.append(parse_fault("operation:*.dnsAuthorizations.create"))
    wanted = domains.authorization(ENVIRONMENT, DOMAIN, PLACE)
    with pytest.raises((CloudRefused, CloudBusy)):
        await ask.make(wanted)
    assert (await ask.make(wanted))["domain"] == DOMAIN


@pytest.mark.parametrize("fault", ["503", "429", "lost"])
async def test_what_passes_by_itself_is_tried_again(asker: tuple[Google, Simulator], fault: str) -> None:
    ask, simulator = asker
    simulator.world.faults.planned.append(parse_fault(f"{fault}:storage.buckets.insert:2"))
    bucket = buckets.bucket(ENVIRONMENT, PLACE)
    if fault == "lost":
        with pytest.raises(Taken):  # made, though nobody heard of it
            await ask.make(bucket)
    else:
        await ask.make(bucket)
    assert (await ask.read("storage", f"/storage/v1/b/{bucket.name}"))["name"] == bucket.name


async def test_trying_again_ends(asker: tuple[Google, Simulator], monkeypatch: pytest.MonkeyPatch) -> None:
    ask, simulator = asker
    monkeypatch.setattr(google, "DEADLINE", 0.01)
    simulator.world.faults.planned.append(parse_fault("503:storage.buckets.insert:1000"))
    with pytest.raises(CloudBusy):
        await ask.make(buckets.bucket(ENVIRONMENT, PLACE))


async def test_nobody_there_is_busy_not_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google, "DEADLINE", 0.01)
    ask = Google("http://127.0.0.1:1")
    with pytest.raises(CloudBusy):
        await ask.read("storage", "/storage/v1/b/nobody")
    await ask.aclose()


async def test_every_page_is_read(asker: tuple[Google, Simulator]) -> None:
    ask, _ = asker
    for number in range(7):
        spec = EnvironmentSpec(f"{number:012x}", number + 1, "tnt_pages", f"page-{number}")
        await ask.make(buckets.bucket(spec, PLACE))
    found = await ask.read_all(
        "storage", "/storage/v1/b", "items", {"project": PLACE.project, "maxResults": "2"}
    )
    assert len({str(one["name"]) for one in found}) == 7


async def test_objects_keep_their_bytes(asker: tuple[Google, Simulator]) -> None:
    ask, _ = asker
    bucket = buckets.bucket(ENVIRONMENT, PLACE).name
    await ask.make(buckets.bucket(ENVIRONMENT, PLACE))
    content = bytes(range(256)) * 40
    await ask.upload(bucket, "mail/a b/ü.eml", content, "message/rfc822")
    assert await ask.download(bucket, "mail/a b/ü.eml") == content
    with pytest.raises(Gone):
        await ask.download(bucket, "mail/other")


async def test_a_secret_stands_in_no_error(asker: tuple[Google, Simulator]) -> None:
    ask, simulator = asker
    await ask.make(secrets.secret(ENVIRONMENT, PLACE, "w0123456789ab-key"))
    told = secrets.version(PLACE, "w0123456789ab-key", b"hunter2hunter2")
    simulator.world.faults.planned.append(parse_fault("503:secretmanager.*:1000"))
    google.DEADLINE, before = 0.01, google.DEADLINE
    try:
        with pytest.raises(CloudBusy) as raised:
            await ask.ask(told)
    finally:
        google.DEADLINE = before
    assert "hunter2" not in str(raised.value)
    assert str(told.body["payload"]) not in str(raised.value)


async def test_pitfall_22_who_asks_what_never_answers_waits_as_long_as_we_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Google's own clients try again for two or ten minutes. Ours has a deadline, and so has each of its requests."""
    assert google.DEADLINE <= 30
    assert None not in google.TIMEOUT.as_dict().values()
    asked: list[str] = []

    async def note(request: httpx.Request) -> None:
        asked.append(request.method)
        if len(asked) == 3:
            raise StopAsyncIteration("so it would go on")

    monkeypatch.setattr(google, "FIRST_PAUSE", 0.001)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ask = Google(f"http://127.0.0.1:{silent.getsockname()[1]}")
        ask.client.timeout, ask.client.event_hooks = httpx.Timeout(0.05), {"request": [note]}
        for deadline, wanted in ((0.0, CloudBusy), (600.0, StopAsyncIteration)):
            monkeypatch.setattr(google, "DEADLINE", deadline)
            asked.clear()
            with pytest.raises(wanted):
                await ask.read("storage", "/storage/v1/b/nobody")
        await ask.aclose()
    assert len(asked) == 3


def test_pitfall_22_nothing_of_ours_asks_by_a_client_of_googles_with_a_patience_of_its_own() -> None:
    clients = re.compile(
        r"^\s*(?:from|import) (?:google\.cloud|googleapiclient|google\.api_core)\b", re.MULTILINE
    )
    ours = Path(google.__file__).parents[2]
    asking = {str(path.relative_to(ours)) for path in ours.rglob("*.py") if clients.search(path.read_text())}
    assert asking == set()
    assert clients.search("    from google.cloud import storage\n")
