"""A site's own Cloud SQL instance: made with administrator and replicas, changed, found by its label, taken away whole."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from aipress import durable
from aipress.clouds.base import Database, EnvironmentSpec, Secrets
from aipress.clouds.gcp import audit, own_instances, waiting
from aipress.clouds.gcp.doctor import databases
from aipress.clouds.gcp.names import is_own_instance
from aipress.clouds.gcp.resources import Json
from aipress.clouds.options import Options
from aipress.errors import CloudAtWork, CloudBusy, CloudRefused
from gcpsim.faults import Fault
from tests.clouds.gcp.alone import OneServer
from tests.clouds.gcp.bases import DUMP
from tests.clouds.gcp.rig import ALONE, ENVIRONMENT, ID, PLACE
from tests.clouds.gcp.servers import PASSWORD, Instance
from tests.clouds.gcp.simulated import Simulated

INSTANCES = f"sqladmin/projects/{PLACE.project}/instances"
PLAIN = replace(ENVIRONMENT, options=Options(database="own"))
SECRETS = Secrets(ID, ())


@pytest.fixture
async def own(on_google: Simulated, server: Instance, tmp_path: Path) -> AsyncIterator[Simulated]:
    """A cloud whose instances are one real server; the environment has its secrets."""
    simulator = on_google.simulator
    simulator.world.sql = one = OneServer(server, simulator)
    dump = on_google.cloud.databases.template  # type: ignore[attr-defined]
    dump.parent.mkdir(exist_ok=True)
    dump.write_text(DUMP)
    await on_google.cloud.vault.ensure(PLAIN)
    yield on_google
    await on_google.cloud.databases.remove(ID)
    one.say("ALTER USER root@'%%' IDENTIFIED BY %s", PASSWORD)


async def made(own: Simulated, environment: EnvironmentSpec) -> Database:
    return await own.cloud.databases.ensure(environment, SECRETS)


def rows(own: Simulated) -> dict[str, Json]:
    """Instances by name, with what was asked for."""
    found = [one for one in own.simulator.world.store.everything() if one.key.startswith(INSTANCES)]
    return {one.id: one.content for one in found if one.key.count("/") == INSTANCES.count("/") + 1}


def replicas(own: Simulated) -> list[str]:
    return [name for name, one in rows(own).items() if "masterInstanceName" in one]


async def existing(own: Simulated) -> set[str]:
    """By own instances alone: the shared one is not there."""
    return await own.cloud.databases.own.existing()  # type: ignore[attr-defined, no-any-return]


async def name_of(own: Simulated) -> str:
    placed = await own.placements.find(ID)
    assert placed
    return placed.placement.instance


async def test_an_instance_is_made_with_a_database_and_replicas_and_goes_with_all_of_it(
    own: Simulated,
) -> None:
    assert await made(own, ALONE) == Database(f"w{ID}", f"w{ID}")
    primary = await name_of(own)
    assert is_own_instance(primary)
    assert len(rows(own)) == 3
    assert len(replicas(own)) == 2
    assert all(
        one["settings"]["userLabels"]["aipress-tenant-id"] == ALONE.tenant for one in rows(own).values()
    )
    assert all(one["settings"]["deletionProtectionEnabled"] for one in rows(own).values())
    assert await existing(own) == {ID}
    assert await made(own, ALONE) == Database(f"w{ID}", f"w{ID}")
    assert len(rows(own)) == 3
    assert (
        await audit.strays(own.google, own.cloud.databases.where.platform, await own.placements.all()) == []
    )  # type: ignore[attr-defined]
    for _ in range(2):
        await own.cloud.databases.remove(ID)
    assert rows(own) == {}
    assert await existing(own) == set()
    assert not [key for key in own.left if "aipress-sql-admin" in key]


async def test_what_is_nobodys_any_more_is_a_stray(own: Simulated) -> None:
    await made(own, ALONE)
    strays = await audit.strays(own.google, own.cloud.databases.where.platform, [])  # type: ignore[attr-defined]
    kinds = {one.kind for one in strays if one.name in rows(own) or "sql-admin" in one.name}
    assert kinds == {"Cloud SQL instance", "secret"}
    placed = replace((await own.placements.all())[0], tenant="tnt_other")
    told = await audit.strays(own.google, own.cloud.databases.where.platform, [placed])  # type: ignore[attr-defined]
    assert any(one.kind == "Cloud SQL instance" and "is billed to" in one.why for one in told)


async def test_replicas_and_pooling_are_changed_where_it_stands(own: Simulated) -> None:
    await made(own, replace(PLAIN, options=Options(database="own", replicas=1)))
    (first,) = replicas(own)
    await made(own, ALONE)
    assert first in replicas(own)
    assert len(replicas(own)) == 2
    pooled = replace(PLAIN, options=Options(database="own", pooling=True))
    await made(own, pooled)
    assert replicas(own) == []
    settings = rows(own)[await name_of(own)]["settings"]
    assert settings["edition"] == "ENTERPRISE_PLUS"
    assert settings["connectionPoolConfig"] == {"connectionPoolingEnabled": True}
    await made(own, PLAIN)
    settings = rows(own)[await name_of(own)]["settings"]
    assert (settings["edition"], settings["tier"]) == ("ENTERPRISE", "db-custom-2-7680")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(replicas=1), "replicas to read from"),
        (Options(pooling=True), "pooling of connections"),
        (Options(database="own", replicas=11), "0 to 10 replicas"),
    ],
)
async def test_what_needs_an_instance_of_its_own_is_refused_in_words(
    own: Simulated, options: Options, said: str
) -> None:
    with pytest.raises(CloudRefused, match=said):
        await made(own, replace(ENVIRONMENT, options=options))
    assert rows(own) == {}


async def test_wordpress_is_told_where_its_instance_and_its_replicas_are(
    own: Simulated, server: Instance
) -> None:
    bucket = await own.cloud.buckets.ensure(ALONE)
    with pytest.raises(CloudRefused, match="make the database first"):
        await own.cloud.runtime.ensure(ALONE, bucket)
    await made(own, ALONE)
    service = await own.cloud.runtime.ensure(ALONE, bucket)
    row = own.simulator.world.store.get(f"run/{service.name}")
    assert row
    told = {one["name"]: one.get("value") for one in row.content["template"]["containers"][0]["env"]}
    here = f"{server.address}:3306"
    assert (told["DB_HOST"], told["DB_READ_HOST"], told["DB_TLS"]) == (here, f"{here},{here}", "encrypted")
    await own.cloud.runtime.remove(ID)
    await own.cloud.buckets.remove(ID)


async def test_a_name_that_was_used_up_is_exchanged(own: Simulated) -> None:
    own.simulator.world.faults.planned.append(Fault("operation", "sql.instances.insert"))
    with pytest.raises(CloudBusy):
        await made(own, PLAIN)
    first = await name_of(own)
    with pytest.raises(CloudBusy, match="could not make"):
        await made(own, PLAIN)
    assert await name_of(own) != first
    await made(own, PLAIN)
    assert list(rows(own)) == [await name_of(own)]
    assert [key for key in own.left if "aipress-sql-admin" in key and "/versions/" not in key] == [
        f"secretmanager/projects/{PLACE.project}/secrets/aipress-sql-admin-{await name_of(own)}"
    ]


async def test_what_google_is_at_work_on_is_waited_for(
    own: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made(own, PLAIN)
    name = await name_of(own)
    rows(own)[name]["state"] = "PENDING_CREATE"
    monkeypatch.setattr(waiting, "LONGEST", 0.02)
    with pytest.raises(CloudAtWork, match="at work"):
        await own.cloud.databases.own._settled(
            own.cloud.databases.where.platform.place(  # type: ignore[attr-defined]
                (await own.placements.all())[0].placement
            ),
            name,
        )
    rows(own)[name]["state"] = own_instances.READY


async def test_the_administrators_password_is_no_secret_of_the_vaults(own: Simulated) -> None:
    await made(own, PLAIN)
    await own.cloud.vault.remove(ID)
    assert await own.cloud.vault.existing() == set()
    assert await own.placements.find(ID), "as long as the instance stands, its placement does"


async def test_the_doctor_sees_what_is_unsafe_of_a_sites_own(own: Simulated) -> None:
    await made(own, ALONE)
    (shard,) = own.cloud.databases.where.platform.shards  # type: ignore[attr-defined]

    async def told() -> list[tuple[str, str]]:
        found = [one async for one in databases.instances(own.google, shard)]
        return [(one.what, one.said) for one in found if one.what != "Cloud SQL instance pool-1"]

    assert await told() == []
    name = await name_of(own)
    rows(own)[name]["settings"]["ipConfiguration"]["sslMode"] = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"
    rows(own)[replicas(own)[0]]["state"] = "FAILED"
    assert set(await told()) == {
        (f"Cloud SQL instance {name}", "lets in connections without TLS"),
        (f"Cloud SQL instance {replicas(own)[0]}", "could not be made"),
    }
    rows(own)[name]["state"] = own_instances.READY


async def test_a_step_waits_long_for_what_is_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "PATIENCE", 0.0)
    asked = 0

    async def work() -> str:
        nonlocal asked
        asked += 1
        if asked < 4:
            raise CloudAtWork("minutes")
        return "done"

    assert await durable._patiently(work) == "done"
    monkeypatch.setattr(durable, "LONG_PATIENCE", 0.0)
    asked = 0
    with pytest.raises(CloudAtWork):
        await durable._patiently(work)


async def test_from_shared_to_its_own_a_site_is_not_changed(own: Simulated) -> None:
    await own.placements.forget(ID)
    await own.placements.of(ENVIRONMENT)
    with pytest.raises(CloudRefused, match="moved and not changed"):
        await made(own, PLAIN)
    await own.placements.forget(ID)
    await made(own, PLAIN)
    with pytest.raises(CloudRefused, match="moved and not changed"):
        await made(own, ENVIRONMENT)
