"""Workflows that will not end by themselves are found and named, and nothing they wrote down is a secret."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from aipress import durable
from aipress.errors import CloudRefused
from aipress.operations.models import Operation
from aipress.tenants import reconciler, service, workflows
from aipress.tenants.reconciler import Findings
from aipress.tenants.schemas import TenantCreate
from tests.tenants.conftest import ADA, House
from tests.tenants.engine import disguise, everything_written
from tests.tenants.held import held
from tests.tenants.lasting import together

pytestmark = together

NOT_LATE = timedelta(minutes=5)


@asynccontextmanager
async def being_made(house: House, name: str) -> AsyncIterator[Operation]:
    """A site that comes as far as its runtime, and no further."""
    with held(house.cloud.runtime, "ensure") as hold:
        async with house.rows.transaction() as session:
            operation = await service.create(session, ADA, TenantCreate(name=name), quota=9)
        await hold.asked.wait()
        yield operation
    await house.ended(operation.id)


async def test_a_workflow_is_stranded_when_it_takes_longer_than_the_limit(house: House) -> None:
    async with being_made(house, "Blog") as operation:
        assert await durable.stranded(NOT_LATE) == []
        assert await durable.stranded(timedelta(0)) == [operation.workflow_id]
    assert await durable.stranded(timedelta(0)) == []


@pytest.mark.parametrize("columns", [{"application_version": "0"}, {"executor_id": "another-container"}])
async def test_a_workflow_of_a_version_or_executor_that_is_gone_is_stranded_at_once(
    house: House, columns: dict[str, str]
) -> None:
    async with being_made(house, "Blog") as operation:
        disguise(house.workflows_url, operation.workflow_id, **columns)
        assert await durable.stranded(NOT_LATE) == [operation.workflow_id]
        findings = Findings()
        await reconciler.reconcile(house.rows, findings)
        assert findings.stranded == [operation.workflow_id]


async def test_what_became_of_a_workflow_is_known(house: House) -> None:
    assert await durable.state_of("provision:nobody:1") == "unknown"
    async with being_made(house, "Blog") as operation:
        assert await durable.state_of(operation.workflow_id) == "running"
    assert await durable.state_of(operation.workflow_id) == "done"


async def test_the_steps_on_record_say_what_was_refused(house: House) -> None:
    house.cloud.broken["ensure cache"] = [CloudRefused("no more of that")]
    operation = await house.create("Blog")
    steps = await durable.steps_of(operation.workflow_id)
    way_up = ["look_up", "seal_secrets", "make_bucket", "start_wordpress", "make_cache", "mark_failed"]
    assert [step.key for step in steps][:6] == way_up
    assert [step.refused for step in steps][:6] == [None, None, None, None, "no more of that", None]
    assert all(step.started_at and step.ended_at and step.started_at <= step.ended_at for step in steps)


async def test_a_workflow_for_nothing_ends_and_breaks_nothing(house: House) -> None:
    await durable.start(workflows.repair, "nosuchthing")
    await durable.ended(durable.name_of(workflows.repair, "nosuchthing"))
    assert await durable.state_of(durable.name_of(workflows.repair, "nosuchthing")) == "broken"


async def test_no_secret_is_written_down_by_a_step(house: House) -> None:
    """What a failure nobody foresaw carries in its text, and who owns the site, stays out of the engine's tables too."""
    house.cloud.broken["ensure cache"] = [ZeroDivisionError("password=hunter2")]
    await house.create("Broken")
    await house.create("Blog")
    async with house.rows.transaction() as session:
        tenant = await service.find(session, ADA, "blog")
        link = await service.login_link(session, ADA, tenant)
    await house.remove("blog")
    written = everything_written(house.workflows_url)
    everything = "\n".join(line for lines in written.values() for line in lines)
    for secret in ("hunter2", link.url.partition("=")[2], house.cloud.databases.tickets[0].token_hash):
        assert secret not in everything
    assert ADA.email not in everything
    assert len(written["operation_outputs"]) > 20


async def test_what_steps_write_down_is_plain_json(house: House) -> None:
    """Pickles would let whoever writes to the database run code."""
    await house.create("Blog")
    written = everything_written(house.workflows_url)
    formats = {
        word
        for line in written["operation_outputs"] + written["workflow_status"]
        for word in ("py_pickle", "portable_json")
        if word in line
    }
    assert formats == {"portable_json"}
