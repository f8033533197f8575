"""What the facet of cron promises: what is due is told without doing it, and a run does it once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pymysql

from aipress.clouds.base import Cloud, EnvironmentSpec, Identity
from aipress.clouds.cron import Due
from aipress.clouds.gcp.cloud_sql import CloudSqlDatabases
from aipress.clouds.gcp.cron import CloudRunCron
from aipress.clouds.gcp.visitors import Door
from aipress.clouds.local.cron import LocalCron
from aipress.clouds.wordpress.introducing import NOTHING_PLANNED
from aipress.kit import clock
from tests.clouds.gcp.visited import Answer, door
from tests.contracts.test_facets import _edge
from tests.fakes.cron import FakeCron

REQUEST = "ab" * 16
NO_ARGUMENTS = "40cd750bba9870f18aada2478b24840a"  # WordPress's key: md5 of their serialised form
MINUTE = timedelta(minutes=1)


async def made(cloud: Cloud, env: EnvironmentSpec) -> str:
    """A WordPress with one chore, due since a minute ago; its host."""
    database = await cloud.databases.ensure(env, await cloud.vault.ensure(env))
    await cloud.caches.ensure(env, await cloud.vault.ensure(env))
    await _edge(cloud, env)
    address = await cloud.edge.address_of(env)
    await cloud.databases.introduce(database, Identity("Cron", address.url, "ada@example.com", "Ada"))
    since = datetime.fromtimestamp(int((clock.now() - MINUTE).timestamp()), UTC)
    if isinstance(cloud.cron, FakeCron):
        cloud.cron.agenda[env.id] = [Due("chore", since)]
    else:
        await plan(cloud, env.id, since)
    return address.host


async def plan(cloud: Cloud, id: str, since: datetime) -> None:
    event = f'a:1:{{s:32:"{NO_ARGUMENTS}";a:2:{{s:8:"schedule";b:0;s:4:"args";a:0:{{}}}}}}'
    option = f'a:2:{{i:{since.timestamp():.0f};a:1:{{s:5:"chore";{event}}}s:7:"version";i:2;}}'
    await write(cloud, id, option)


async def write(cloud: Cloud, id: str, option: str) -> None:
    """The option `cron`, as its WordPress would."""
    update = f"UPDATE w{id}.wp_options SET option_value = %s WHERE option_name = 'cron'"  # noqa: S608
    if isinstance(cloud.databases, CloudSqlDatabases):
        servers = cloud.databases.servers
        await servers.say(servers.all()[0], lambda sql: sql.execute(update, (option,)))
        return
    assert isinstance(cloud.cron, LocalCron)
    with pymysql.connect(
        unix_socket=str(cloud.cron.databases.socket), user="root", autocommit=True
    ) as server:
        server.cursor().execute(update, (option,))


@asynccontextmanager
async def answering(cloud: Cloud, id: str, host: str) -> AsyncIterator[None]:
    """On Google's cloud, whose services are rows here, a site that takes the platform's key and says it has done all there was."""
    if not isinstance(cloud.cron, CloudRunCron):
        yield
        return
    loop, key = asyncio.get_running_loop(), await cloud.cron.vault.reveal(id, "AIPRESS_KEY")

    def site(path: str, headers: Mapping[str, str]) -> Answer:
        if (path, headers["host"], headers.get("x-aipress-key")) != ("/.aipress/cron", host, key):
            return 404, {}
        asyncio.run_coroutine_threadsafe(write(cloud, id, NOTHING_PLANNED), loop).result(10)
        return 200, {}

    with door(site) as at:
        cloud.cron.door = Door(at)
        yield


async def test_what_is_due_is_told_again_until_a_run_did_it(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    host = await made(cloud, environment)
    for _ in range(2):
        due = await cloud.cron.due([environment.id], clock.now())
        assert [one.hook for one in due[environment.id]] == ["chore"]
        assert 60 <= cloud.cron.lag()[environment.id] < 120
    async with answering(cloud, environment.id, host):
        run = await cloud.cron.run(environment.id, host, REQUEST)
    assert (run.outcome, run.why) == ("done", "")
    assert run.duration_ms > 0
    left = (await cloud.cron.due([environment.id], clock.now())).get(environment.id, ())
    assert "chore" not in [one.hook for one in left]


async def test_nothing_is_due_before_its_time_or_where_nothing_is(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    assert await cloud.cron.due([environment.id], clock.now()) == {}
    await made(cloud, environment)
    assert await cloud.cron.due([environment.id], clock.now() - 2 * MINUTE) == {}
    assert cloud.cron.lag().get(environment.id, 0) == 0
