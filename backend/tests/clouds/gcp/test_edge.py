"""The edge on Google Cloud: who is let in, at which address, and what its cache is told to forget."""

import asyncio
from dataclasses import replace

import pytest

from aipress.clouds.gcp import purges, purging
from aipress.clouds.gcp.platform import Platform
from aipress.clouds.gcp.purges import Purge
from aipress.clouds.gcp.purging import PurgeQueue
from aipress.clouds.gcp.shards import Placement
from aipress.clouds.gcp.visitors import Door
from aipress.config import Settings
from aipress.errors import CloudBusy, CloudRefused
from gcpsim.faults import parse_fault
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE, Path
from tests.clouds.gcp.simulated import PLATFORM, Simulated, simulated
from tests.clouds.gcp.test_runtime import built

INVALIDATE = "compute.urlMaps.invalidateCache"
HOST = f"sunrise-bakery.{PLACE.domain}"


def forgotten(on_google: Simulated) -> list[tuple[str, str]]:
    entries = on_google.simulator.world.journal.of(INVALIDATE)
    return [(entry.body["host"], entry.body["path"]) for entry in entries if entry.status == 200]


async def published(on_google: Simulated) -> None:
    bucket = await built(on_google)
    service = await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
    await on_google.cloud.edge.ensure(ENVIRONMENT, service)


@pytest.mark.parametrize("fault", ["lost", "operation", "503"])
async def test_visitors_come_in_between_ensure_and_remove_whatever_breaks(
    on_google: Simulated, fault: str
) -> None:
    edge, address = on_google.cloud.edge, await on_google.cloud.edge.address_of(ENVIRONMENT)
    service = await on_google.cloud.runtime.ensure(ENVIRONMENT, await built(on_google))
    for verb, is_in in ((edge.ensure(ENVIRONMENT, service), True), (edge.remove(ID), False)):
        on_google.simulator.world.faults.planned.append(parse_fault(f"{fault}:run.*.services.patch"))
        try:
            await verb
        except CloudBusy:
            assert fault == "operation"
            await (edge.ensure(ENVIRONMENT, service) if is_in else edge.remove(ID))
        assert (ID in await edge.existing()) is is_in
    with pytest.raises(CloudBusy, match="404"):
        await edge.probe(address)
    with pytest.raises(CloudRefused):
        await edge.purge(ID)


async def test_what_goes_is_forgotten_by_the_cache_too(on_google: Simulated) -> None:
    await published(on_google)
    await on_google.cloud.edge.remove(ID)
    assert forgotten(on_google) == [(HOST, "/*")]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("", {"/*"}),
        ("/", {"/"}),
        ("/menu", {"/menu", "/menu/"}),
        ("/menu/", {"/menu", "/menu/"}),
        ("/a*b/?x=1", {"/a%2Ab", "/a%2Ab/"}),
        ("/%C3%BC/", {"/%C3%BC", "/%C3%BC/"}),
    ],
)
async def test_a_page_is_forgotten_with_and_without_its_slash(
    on_google: Simulated, path: str, told: set[str]
) -> None:
    await published(on_google)
    await on_google.cloud.edge.purge(ID, path)
    assert set(forgotten(on_google)) == {(HOST, one) for one in told}


async def test_an_address_is_that_of_its_shard(tmp_path: Path) -> None:
    other = PLATFORM.shards[0].model_copy(update={"project": "aipress-eu2", "domain": "eu2.aipress.com"})
    with simulated(Settings(data_dir=tmp_path), Platform(shards=(*PLATFORM.shards, other))) as two:
        assert (await two.cloud.edge.address_of(ENVIRONMENT)).host == HOST
        placed = await two.placements.of(ENVIRONMENT)
        there = Placement("aipress-eu2", PLACE.region, PLACE.instance.name)
        two.placements.by_environment[ID] = replace(placed, placement=there)
        await published(two)
        address = await two.cloud.edge.address_of(ENVIRONMENT)
        assert address.host == "sunrise-bakery.eu2.aipress.com"
        await two.cloud.edge.probe(address)
        await two.cloud.edge.purge(ID)
        assert any("/aipress-eu2/" in one.path for one in two.simulator.world.journal.of(INVALIDATE))
        await two.google.aclose()


async def test_a_published_site_has_an_address_browsers_know_on_google_itself() -> None:
    assert Door().address(HOST).url == f"https://{HOST}"
    assert Door("http://127.0.0.1:8090").address(HOST).url == f"http://{HOST}:8090"
    assert Door("http://127.0.0.1:8100", ":8080").address(HOST).url == f"http://{HOST}:8080"
    assert Door("http://127.0.0.1:100", "").address(HOST).url == f"http://{HOST}", "port 80 is not said"


async def test_who_waits_at_the_same_time_is_asked_for_once(on_google: Simulated) -> None:
    queue = PurgeQueue(on_google.google)
    wishes = [(Purge(HOST, f"/{number % 3}"),) for number in range(40)]
    await asyncio.gather(*(queue.forget(wish, PLACE, "sites") for wish in wishes))
    assert len(forgotten(on_google)) <= 4  # the first alone, then the others together
    assert set(forgotten(on_google)) == {(HOST, f"/{number}") for number in range(3)}


async def test_a_purge_that_fails_fails_for_all_who_waited_for_it_and_for_nobody_else(
    on_google: Simulated,
) -> None:
    queue = PurgeQueue(on_google.google)
    on_google.simulator.world.faults.planned.append(parse_fault(f"operation:{INVALIDATE}:1:1"))
    wishes = [(Purge(f"site-{number}.{PLACE.domain}"),) for number in range(3)]
    came = await asyncio.gather(
        *(queue.forget(wish, PLACE, "sites") for wish in wishes), return_exceptions=True
    )
    assert [type(one) for one in came] == [type(None), CloudBusy, CloudBusy]
    await queue.forget(wishes[1], PLACE, "sites")


async def test_whoever_gives_up_leaves_the_others_their_turn(on_google: Simulated) -> None:
    queue = PurgeQueue(on_google.google)
    on_google.simulator.world.latency = 1000.0
    first = asyncio.create_task(queue.forget((Purge(HOST),), PLACE, "sites"))
    second = asyncio.create_task(queue.forget((Purge(f"other.{PLACE.domain}"),), PLACE, "sites"))
    while not forgotten(on_google):
        await asyncio.sleep(0.01)
    first.cancel()
    on_google.simulator.world.latency = 0.0
    await second
    assert (f"other.{PLACE.domain}", "/*") in forgotten(on_google)


async def test_pitfall_10_more_purges_than_google_takes_wait_and_then_are_told_to_come_again(
    on_google: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("A_MINUTE", 3), ("PATIENCE", 0.05), ("A_MOMENT", 0.01)):
        monkeypatch.setattr(purging, name, value)
    queue = PurgeQueue(on_google.google)
    wishes = [(Purge(f"site-{number}.{PLACE.domain}"),) for number in range(5)]
    came = await asyncio.gather(
        *(queue.forget(wish, PLACE, "sites") for wish in wishes), return_exceptions=True
    )
    assert len(forgotten(on_google)) == 3
    assert sum(isinstance(one, CloudBusy) for one in came) == 2
    monkeypatch.setattr(purging, "MINUTE", 0.0)
    await queue.forget(wishes[4], PLACE, "sites")
    assert purges.A_MINUTE == 500
