"""What reaches an environment and what does not: secrets, sockets, host names, and more than its share."""

import asyncio
import contextlib
import os
import socket
import stat
from pathlib import Path

import pytest

from aipress.errors import CloudBusy, CloudRefused
from aipress.hostd.client import Limits
from tests.hostd.conftest import needs_root
from tests.hostd.fastcgi import Unanswered
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

ID = environment_id(1)
CANARY = "canary-5e1f-correct-horse"


async def test_secrets_reach_php_and_nobody_who_reads_command_lines_logs_or_files(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    cloud.vault.put(ID, "DB_PASSWORD", CANARY)
    assert await cloud.run(ID, "echo getenv('DB_PASSWORD'), getenv('DB_HOST'), getenv('DB_NAME');") == (
        f"{CANARY}localhost:/run/aipress/mariadb.sock" + f"w{ID}"
    )
    await cloud.run(ID, "error_log('a line'); trigger_error('another');")
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert any(b"bwrap" in line and ID.encode() in line for line in lines)
    assert not any(CANARY.encode() in line for line in lines)
    written = [
        path.read_bytes() for path in cloud.data.rglob("*") if path.is_file() and not path.is_symlink()
    ]
    assert not any(CANARY.encode() in content for content in written)


async def test_only_known_names_of_secrets_become_variables(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    (cloud.data / "evil.so").write_text("not a library")
    cloud.vault.put(ID, "LD_PRELOAD", str(cloud.data / "evil.so"))
    cloud.vault.put(ID, "PHP_INI_SCAN_DIR", "/tmp")
    assert await cloud.run(ID, "echo json_encode([getenv('LD_PRELOAD'), getenv('PHP_INI_SCAN_DIR')]);") == (
        '[false,"\\/srv\\/php\\/conf.d"]'
    )
    assert "evil.so" not in cloud.log_of(ID)


async def test_a_vault_that_does_not_open_is_said_and_nothing_is_started(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    (cloud.data / "vault" / ID / "DB_PASSWORD.sealed").write_bytes(b"damaged")
    with pytest.raises(CloudBusy, match="DB_PASSWORD is damaged"):
        await cloud.hostd.warm(ID)


async def test_a_database_that_starts_again_is_seen_by_an_awake_environment(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    call = "echo @stream_socket_client('unix:///run/aipress/mariadb.sock') ? 'there' : 'gone';"
    assert await cloud.run(ID, call) == "gone"
    for _ in range(2):
        with socket.socket(socket.AF_UNIX) as server:
            directory = os.open(cloud.data / "run", os.O_PATH)
            server.bind(f"/proc/self/fd/{directory}/mariadb.sock")
            os.chmod("mariadb.sock", 0o666, dir_fd=directory)  # noqa: S103 - as MariaDB makes it
            os.close(directory)
            server.listen()
            await asyncio.sleep(1.5)
            assert await cloud.run(ID, call) == "there"
        assert await cloud.run(ID, call) == "gone"
        (cloud.data / "run/mariadb.sock").unlink()
    assert (await cloud.status(ID)).starts == 1


async def test_the_socket_is_for_nginx_alone(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    found = (cloud.place(ID) / "run/real.sock").stat()
    assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (33, 0o600)


async def test_a_host_name_leads_to_one_environment_at_a_time(cloud: SmallCloud) -> None:
    other = await cloud.environment(2)
    await cloud.environment(1)
    await cloud.hostd.publish(ID, "sunrise.localhost")
    assert os.readlink(cloud.data / "edge/sites/sunrise.localhost") == f"../../environments/{ID}"
    assert (cloud.data / "edge/sites/sunrise.localhost/run/real.sock").is_socket()
    with pytest.raises(CloudRefused, match="another environment"):
        await cloud.hostd.publish(other, "sunrise.localhost")
    await cloud.hostd.withdraw("sunrise.localhost", other)
    assert (cloud.data / "edge/sites/sunrise.localhost").is_symlink()
    await cloud.hostd.withdraw("sunrise.localhost", ID)
    await cloud.hostd.publish(other, "sunrise.localhost")
    assert (await cloud.hostd.inventory()).environments[other].hosts == ("sunrise.localhost",)


async def test_a_name_too_long_for_nginx_to_follow_is_refused(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    with pytest.raises(CloudRefused, match="too long"):
        await cloud.hostd.publish(ID, "a" * 63 + ".example.org")


async def test_files_of_another_uid_are_not_taken_over(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    with pytest.raises(CloudRefused, match="another uid"):
        await cloud.hostd.make_files(ID, FIRST_UID + 2)
    with pytest.raises(CloudRefused, match="another uid"):
        await cloud.hostd.ensure_runtime(ID, FIRST_UID + 2, Limits())


async def test_what_protects_environments_is_said_as_it_is(cloud: SmallCloud) -> None:
    told = await cloud.hostd.status()
    assert (told.isolated, told.sandbox, told.outbound) == (True, "bubblewrap", "none")
    assert told.limited.startswith("cgroup v") or told.limited == "not limited"
    assert 0 < told.rss_kb < 60_000


async def test_a_process_that_eats_memory_is_stopped_and_its_neighbour_is_not(cloud: SmallCloud) -> None:
    if "memory" not in (await cloud.hostd.status()).limited:
        pytest.skip("this machine lets us limit no memory (no writable control group)")
    other = await cloud.environment(2)
    await cloud.environment(1, Limits(memory_mb=128))
    await cloud.visit(other)
    neighbour = await cloud.until("awake", other)
    eat = "ini_set('memory_limit', -1); $all = ''; for ($i = 0; $i < 1000; $i++) { $all .= str_repeat('x', 1 << 20); } echo strlen($all);"
    conf = cloud.place(ID) / "fpm.conf"
    conf.write_text(conf.read_text().replace("php_admin_value[memory_limit]", "php_value[memory_limit]"))
    with contextlib.suppress(Unanswered, ConnectionError):
        assert await cloud.run(ID, eat) == ""
    assert (await cloud.visit(ID)).body.startswith("hello")
    assert (await cloud.status(other)).pid == neighbour.pid
