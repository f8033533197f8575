"""A site is carried from one cloud to another with all it has, or stays as it was."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from aipress import clouds
from aipress.audit.models import AuditEntry
from aipress.errors import CloudBusy, CloudRefused, Conflict, Invalid, NoRoom, NotAllowed
from aipress.operations import service as operations
from aipress.tenants import moving, reconciler, service
from aipress.tenants.models import Environment, Tenant
from aipress.tenants.reconciler import Findings
from tests.fakes.cloud import FakeCloud
from tests.fakes.mail import caught
from tests.tenants.conftest import ADA, BOB, House
from tests.tenants.held import held
from tests.tenants.lasting import together
from tests.tenants.moved import FILES, HERE, ROWS, THERE, Two, is_whole, two_clouds

pytestmark = together


async def test_a_site_arrives_with_all_it_has_and_nothing_is_left(house: House) -> None:
    two = two_clouds(house)
    left = await two.site()
    done = await two.move()
    assert (done.state, done.error) == ("succeeded", None)
    assert is_whole(two.there, done.environment_id, THERE)
    assert two.here.is_empty()
    assert two.here.mail.boxes.get(left) is None
    result = done.result or {}
    assert {
        name: result[name] for name in ("url", "from_cloud", "to_cloud", "files", "bytes", "left_out")
    } == {
        "url": THERE,
        "from_cloud": "local",
        "to_cloud": "gcp",
        "files": str(len(FILES)),
        "bytes": str(sum(map(len, FILES.values()))),
        "left_out": "0",
    }
    assert float(result["read_only_seconds"]) >= 0
    assert len(result["digest"]) == 64
    assert (await two.tenant()).cloud == "gcp"
    assert await two.environments() == {
        left: ("leaving", "removed", "local"),
        done.environment_id: ("live", "live", "gcp"),
    }


async def test_and_back(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    there = await two.move()
    two.there.buckets.contents[there.environment_id]["uploads/new.jpg"] = b"new"
    back = await two.move("local")
    assert back.state == "succeeded"
    assert two.here.buckets.contents[back.environment_id] == {**FILES, "uploads/new.jpg": b"new"}
    assert two.here.databases.rows[back.environment_id] == ROWS
    assert two.there.is_empty()
    assert (await two.tenant()).cloud == "local"


async def test_what_is_written_while_files_are_carried_arrives_too(house: House) -> None:
    two = two_clouds(house)
    id = await two.site()
    with held(two.there.runtime, "warm") as hold:
        begun = await two.begin()
        await hold.asked.wait()
        two.here.buckets.contents[id].pop("empty.txt")
        two.here.buckets.contents[id]["uploads/late.jpg"] = b"late"
        two.here.databases.rows[id]["comment 1"] = "late"
    done = await house.ended(begun.id)
    arrived = two.there.buckets.contents[done.environment_id]
    assert arrived.keys() == FILES.keys() - {"empty.txt"} | {"uploads/late.jpg"}
    assert two.there.databases.rows[done.environment_id]["comment 1"] == "late"


async def test_visitors_read_all_the_while_and_nothing_is_written_after_the_freeze(house: House) -> None:
    """The old address is taken away only once the site is the new one, and nobody can write to what is not carried."""
    two = two_clouds(house)
    id = await two.site()
    with held(two.there.databases, "load") as hold:
        begun = await two.begin()
        await hold.asked.wait()
        assert id in two.here.edge.published
        assert not two.here.databases.is_writable(id)
        assert two.there.edge.published == {}
    with held(two.here.edge, "remove") as hold:
        await hold.asked.wait()
        assert (await two.tenant()).cloud == "gcp"
        assert id in two.here.edge.published
        assert not two.here.databases.is_writable(id)
    assert (await house.ended(begun.id)).state == "succeeded"


FAULTS = [
    *("gcp ensure secrets", "gcp ensure bucket", "gcp ensure runtime", "gcp ensure cache", "gcp ensure database"),
    *("gcp write bucket", "gcp settle bucket", "gcp warm runtime", "local freeze database", "local dump database"),
    *("gcp load database", "gcp digest database", "gcp readdress database", "gcp ensure address", "gcp probe address"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_is_refused_the_site_stays_as_it_was(house: House, fault: str) -> None:
    two = two_clouds(house)
    id = await two.site()
    cloud, _, order = fault.partition(" ")
    {"local": two.here, "gcp": two.there}[cloud].broken[order] = [CloudRefused("no more of that")]
    done = await two.move()
    assert (done.state, (done.error or {})["title"]) == ("failed", "The site was not moved")
    assert "no more of that" in (done.error or {})["detail"]
    assert is_whole(two.here, id, HERE)
    assert two.there.is_empty()
    assert (await two.tenant()).state == "live"
    assert (await two.move()).state == "succeeded", "it can be moved after that"


async def test_a_busy_cloud_is_asked_again(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    for order in ("load database", "write bucket", "probe address"):
        two.there.broken[order] = [CloudBusy("a moment")]
    assert (await two.move()).state == "succeeded"


async def test_a_database_that_did_not_arrive_as_it_left_is_not_gone_on_with(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = two_clouds(house)
    id = await two.site()
    load = two.there.databases.load

    async def lose_a_row(environment_id: str, dump: object) -> None:
        await load(environment_id, dump)  # type: ignore[arg-type]
        two.there.databases.rows[environment_id].pop("post 1")

    monkeypatch.setattr(two.there.databases, "load", lose_a_row)
    done = await two.move()
    assert "digests" in (done.error or {})["detail"]
    assert is_whole(two.here, id, HERE)


async def test_mail_that_waits_at_what_was_left_is_not_lost(house: House) -> None:
    two = two_clouds(house)
    id = await two.site()
    with held(two.there.edge, "probe") as hold:
        begun = await two.begin()
        await hold.asked.wait()
        two.here.mail.lay(id, "waiting", b"text")
    await asyncio.sleep(0.3)
    assert two.here.mail.boxes.get(id)
    await two.here.mail.waiting({id: ["waiting"]})
    await two.here.mail.keep(id, *caught("1772625600001-a1B2c3D4e5F7", "Late"))
    done = await house.ended(begun.id)
    kept = await two.there.mail.kept(done.environment_id, 9)
    assert [one.subject for one in kept] == ["Late", "Hello"]


async def test_what_left_and_can_not_be_taken_down_is_no_trouble_of_the_site(house: House) -> None:
    two = two_clouds(house)
    id = await two.site()
    two.here.broken["remove database"] = [CloudRefused("locked")]
    done = await two.move()
    assert done.state == "succeeded"
    assert (await two.environments())[id] == ("leaving", "removing", "local")
    with pytest.raises(Conflict, match="just left"):
        await two.begin("local")


@pytest.mark.parametrize(
    ("to", "why"), [("local", "is on this machine already"), ("mars", "has no cloud “mars”")]
)
async def test_a_move_to_nowhere_is_refused(house: House, to: str, why: str) -> None:
    two = two_clouds(house)
    await two.site()
    with pytest.raises((Conflict, Invalid), match=why):
        await two.begin(to)
    assert two.there.said == []


async def test_a_move_without_another_cloud_is_refused(house: House) -> None:
    await two_clouds(house).site()
    clouds.use(house.cloud.as_cloud("local"))
    with pytest.raises(Invalid, match="its sites are on this machine"):
        await Two(house, house.cloud, FakeCloud()).begin()


async def test_a_move_to_where_there_is_no_room_is_refused(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    two.there.broken["look for room in runtime"] = [NoRoom("full")]
    with pytest.raises(NoRoom):
        await two.begin()


async def test_a_move_to_where_what_was_chosen_can_not_be_had_is_refused(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    async with house.rows.transaction() as session:
        tenant = (await session.scalars(select(Tenant))).one()
        tenant.options = {"region": "europe-west9"}
    with pytest.raises(Conflict, match="can't be had there"):
        await two.begin()


async def test_only_who_is_in_charge_moves_a_site(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    async with house.rows.transaction() as session:
        tenant = (await session.scalars(select(Tenant))).one()
        with pytest.raises(NotAllowed, match="only its owner and admins can move it"):
            await moving.move(session, BOB, tenant, "gcp")


async def test_nothing_else_is_done_to_a_site_that_is_being_moved(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    with held(two.there.databases, "load") as hold:
        begun = await two.begin()
        await hold.asked.wait()
        async with house.rows.writing() as session:
            tenant = await service.find(session, ADA, "blog")
            for wanted in (
                service.rename(session, ADA, tenant, "Other"),
                service.remove(session, ADA, tenant, "blog"),
                service.login_link(session, ADA, tenant),
            ):
                with pytest.raises(Conflict, match="being moved to Google Cloud"):
                    await wanted
        with pytest.raises(Conflict, match="being moved"):
            await two.begin()
    assert (await house.ended(begun.id)).state == "succeeded"
    assert (await house.remove("blog")).state == "succeeded"
    assert two.there.is_empty()


async def test_a_move_may_take_long_before_somebody_has_to_look(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = two_clouds(house)
    await two.site()
    findings = Findings()
    with held(two.there.databases, "load") as hold:
        begun = await two.begin()
        await hold.asked.wait()
        monkeypatch.setattr(reconciler, "LATE", timedelta(0))
        await reconciler.reconcile(house.rows, findings)
        assert (findings.stranded, findings.lost) == ([], [])
        monkeypatch.setattr(reconciler, "LATE_TO_MOVE", timedelta(0))
        await reconciler.reconcile(house.rows, findings)
        assert findings.stranded == [begun.workflow_id]
    assert (await house.ended(begun.id)).state == "succeeded"


async def test_of_many_who_move_it_at_once_one_does(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    said = await asyncio.gather(*(two.begin() for _ in range(5)), return_exceptions=True)
    begun = [one for one in said if not isinstance(one, BaseException)]
    assert len(begun) == 1
    assert all(isinstance(one, Conflict | CloudBusy) for one in said if one is not begun[0])
    assert (await house.ended(begun[0].id)).state == "succeeded"


async def test_every_step_is_shown_and_the_deed_is_on_record(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    done = await two.move()
    async with house.session() as session:
        shown = await operations.shown(session, ADA, done)
        entries = await session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        deeds = [(one.action, one.actor_email, one.detail.get("to_cloud")) for one in entries]
    assert {step.state for step in shown.steps} == {"done"}
    assert shown.result is not None
    assert shown.result.files == len(FILES)
    assert deeds[1:] == [("MOVE_SITE", ADA.email, "gcp"), ("SITE_MOVED", ADA.email, "gcp")]


async def test_a_prepared_environment_is_moved_into_and_needs_no_more(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    there = await two.move()
    async with house.rows.transaction() as session:
        session.add(Environment(id="feedfeedfeed", state="pooled", cloud="local", attempt=2))
    back = await two.move("local")
    assert (back.state, back.environment_id) == ("succeeded", "feedfeedfeed")
    assert there.environment_id != back.environment_id
