"""Sites reach public addresses and nothing else, on a machine and an internet of the test's own.

Every address that is refused is reached first, through rules that were weakened for it.
"""

import asyncio
import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from aipress.cli.installation import find
from aipress.cli.status import strays
from aipress.hostd import fence, proc
from aipress.hostd.daemon import SWEEP_AFTER_SECONDS
from aipress.hostd.way_out import PROGRAMS
from tests.hostd.conftest import needs_root, running
from tests.hostd.internet import LISTEN, MACHINE, MACHINES_OWN, MAIL, SERVER, SILENT, WEB, Internet
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

needs_programs = pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)), reason=f"one of {', '.join(PROGRAMS)} is not installed"
)
pytestmark = [pytest.mark.root, needs_root, needs_programs]

OURS, THEIRS = environment_id(1), environment_id(2)
OPEN = "public addresses only"
NEIGHBOUR = 8000
FETCH = """
$c = curl_init($_SERVER['QUERY_STRING'] ?: '{url}');
curl_setopt_array($c, [CURLOPT_RETURNTRANSFER => true, CURLOPT_CONNECTTIMEOUT_MS => {ms}, CURLOPT_TIMEOUT_MS => {ms}]);
$t = microtime(true); $body = curl_exec($c);
echo json_encode([$body ?: '', curl_errno($c), microtime(true) - $t]);
"""
REFUSED = {
    "the metadata address": f"http://169.254.169.254:{WEB}/",
    "the metadata address, mapped into IPv6": f"http://[::ffff:169.254.169.254]:{WEB}/",
    "the metadata address as a number": f"http://2852039166:{WEB}/",
    "a link-local address": f"http://169.254.7.7:{WEB}/",
    "a private address of class A": f"http://10.1.2.3:{WEB}/",
    "a private address of class B": f"http://172.20.0.1:{WEB}/",
    "a private address of class C": f"http://192.168.7.7:{WEB}/",
    "a private address, mapped into IPv6": f"http://[::ffff:10.1.2.3]:{WEB}/",
    "an address of carriers": f"http://100.70.0.1:{WEB}/",
    "an address of clouds": f"http://192.0.0.192:{WEB}/",
    "an address for measurements": f"http://198.18.0.1:{WEB}/",
    "addresses of books": f"http://192.0.2.9:{WEB}/",
    "more of them": f"http://198.51.100.9:{WEB}/",
    "the last of them": f"http://203.0.113.9:{WEB}/",
    "a public name that leads inside": f"http://inside:{WEB}/",
    "a port of the machine, by its public address": f"http://{MACHINE}:{MACHINES_OWN}/",
    "the port mail is sent to": f"http://{SERVER}:{MAIL}/",
}


@pytest.fixture
def internet(place: Path) -> Iterator[Internet]:
    with Internet(place) as made:
        yield made


@pytest.fixture
async def connected(place: Path, internet: Internet) -> AsyncIterator[SmallCloud]:
    """A cloud on a machine that is connected, whose sites have a way out."""
    internet.connect()
    internet.answer_names()
    async for cloud in running(SmallCloud(place, flags=("--outbound", "auto"), prefix=internet.prefix)):
        await leads_out(cloud)
        yield cloud


async def test_php_reaches_a_public_address_and_a_public_name(connected: SmallCloud) -> None:
    await connected.environment(1)
    assert (await fetch(connected, f"http://{SERVER}:{WEB}/"))[0] == "reached"
    await reaches(connected, f"http://public:{WEB}/")


async def test_what_no_site_may_reach_is_refused_at_once_and_only_by_the_rules(connected: SmallCloud) -> None:
    await connected.environment(1)
    await reaches(connected, f"http://public:{WEB}/")
    refused = {name: await fetch(connected, url) for name, url in REFUSED.items()}
    weaken(connected)
    reached = {name: (await fetch(connected, url, seconds=10))[0] for name, url in REFUSED.items()}
    assert {name: said for name, said in reached.items() if said != "reached"} == {}
    # 7 is curl's "could not connect": an answer, not a silence that has to be waited out.
    assert {name: said for name, said in refused.items() if said[:2] != ("", 7)} == {}


async def test_a_neighbour_is_refused(connected: SmallCloud) -> None:
    for number in (1, 2):
        await connected.environment(number)
        await connected.hostd.warm(environment_id(number))
    pid = (await connected.status(THEIRS)).pid
    whole = ["nsenter", "--target", str(pid), "--net", "python3", "-c", LISTEN]
    with subprocess.Popen(whole, stdout=subprocess.PIPE) as theirs:
        assert theirs.stdout
        theirs.stdout.readline()
        addresses = [f"http://{each}:{NEIGHBOUR}/" for each in wires(connected)]
        assert len(addresses) == 2
        said = [await fetch(connected, url) for url in addresses]
        weaken(connected)
        weak = [(await fetch(connected, url))[1] for url in addresses]
        theirs.kill()
    assert [code for _, code, _ in said] == [7, 7], "one is its own address, where nothing listens"
    assert sorted(weak) == [0, 7]


async def test_a_server_that_never_answers_is_waited_for_as_long_as_the_caller_says(
    connected: SmallCloud,
) -> None:
    await connected.environment(1)
    body, code, seconds = await fetch(connected, f"http://{SERVER}:{SILENT}/", seconds=1.5)
    assert (body, code) == ("", 28), "curl's timeout"
    assert seconds >= 1.4


async def test_a_new_address_of_the_machine_is_refused_too(connected: SmallCloud, internet: Internet) -> None:
    await connected.environment(1)
    url = f"http://192.31.196.99:{MACHINES_OWN}/"
    internet.give("192.31.196.99")
    async with asyncio.timeout(10):
        while "192.31.196.99" not in in_network(connected, "nft", "list", "set", "inet", fence.TABLE, "own4"):
            await asyncio.sleep(0.05)
    assert (await fetch(connected, url))[:2] == ("", 7)
    weaken(connected)
    assert (await fetch(connected, url))[0] == "reached"


async def test_sleep_kills_and_removal_leave_nothing_behind(connected: SmallCloud) -> None:
    for number in (1, 2):
        await connected.environment(number)
        await connected.hostd.warm(environment_id(number))
    assert len(wires(connected)) == 2
    await connected.hostd.sleep(OURS)
    pid = (await connected.status(THEIRS)).pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    await no_wires(connected)
    assert (await fetch(connected, f"http://{SERVER}:{WEB}/"))[0] == "reached"
    for id in (OURS, THEIRS):
        await connected.hostd.remove_files(id)
    await no_wires(connected)
    before = outbound_processes(connected)
    await connected.stop()
    assert before
    assert outbound_processes(connected) == set()


async def test_a_killed_hostd_takes_its_way_out_over(connected: SmallCloud) -> None:
    await connected.environment(1)
    assert (await fetch(connected, f"http://{SERVER}:{WEB}/"))[0] == "reached"
    before = outbound_processes(connected)
    connected.kill()
    await connected.start()
    await leads_out(connected)
    assert outbound_processes(connected) == before
    assert (await connected.status(OURS)).starts == 0, "it was taken over"
    assert (await fetch(connected, f"http://{SERVER}:{WEB}/"))[0] == "reached"
    assert len(wires(connected)) == 1


@pytest.mark.parametrize("what", ["pasta", "python"])
async def test_a_killed_way_out_is_made_again_and_awake_sites_get_it(
    connected: SmallCloud, what: str
) -> None:
    await connected.environment(1)
    await connected.hostd.warm(OURS)
    before = outbound_processes(connected)
    os.kill(outbound(connected, what), signal.SIGKILL)
    async with asyncio.timeout(20):
        while outbound_processes(connected) & before:
            await asyncio.sleep(0.05)
    await reaches(connected, f"http://public:{WEB}/")
    assert (await connected.status(OURS)).starts == 1


async def test_a_stray_way_out_is_found(connected: SmallCloud) -> None:
    mark = {proc.MARK: proc.mark_of(outbound(connected, "pasta"))}
    await asyncio.sleep(SWEEP_AFTER_SECONDS)  # what is there by then is ended by hostd itself
    for _ in range(2):
        await connected.hostd.status()
    command = ["setpriv", f"--reuid={FIRST_UID}", f"--regid={FIRST_UID}", "--clear-groups", "sleep", "60"]
    with subprocess.Popen(command, env={"PATH": os.environ["PATH"], **mark}) as stray:
        while proc.command_of(stray.pid) != "sleep 60":
            await asyncio.sleep(0.05)
        assert await asyncio.to_thread(strays, find(connected.data)) == {stray.pid}
        connected.kill()
        await connected.start()
        assert stray.wait(10) == -signal.SIGKILL


async def test_a_machine_without_a_network_says_so_and_its_sites_go_out_when_it_has_one(
    place: Path, internet: Internet
) -> None:
    async for cloud in running(SmallCloud(place, flags=("--outbound", "auto"), prefix=internet.prefix)):
        await cloud.environment(1)
        async with asyncio.timeout(10):
            while "there is no way out" not in cloud.log():
                await asyncio.sleep(0.05)
        assert (await cloud.hostd.status()).outbound.startswith("none (pasta ended")
        for url in (f"http://{SERVER}:{WEB}/", f"http://public:{WEB}/"):
            body, _, seconds = await fetch(cloud, url)
            assert body == ""
            assert seconds < 3, "refused, not waited for"
        internet.connect()
        internet.answer_names()
        await leads_out(cloud)
        await reaches(cloud, f"http://public:{WEB}/")


async def test_names_fail_at_once_while_no_name_server_answers(
    place: Path, internet: Internet, figure: Callable[[str], None]
) -> None:
    internet.connect()
    async for cloud in running(SmallCloud(place, flags=("--outbound", "auto"), prefix=internet.prefix)):
        await leads_out(cloud)
        await cloud.environment(1)
        said = [await fetch(cloud, f"http://public:{WEB}/") for _ in range(10)]
        assert {code for _, code, _ in said} == {6}, "curl's: no such name"
        median = sorted(seconds for _, _, seconds in said)[5]
        figure(f"a name that can't be looked up fails in {median * 1000:.1f} ms")
        assert median < 0.5
        internet.answer_names()
        await reaches(cloud, f"http://public:{WEB}/")


async def test_without_the_setting_there_is_none(place: Path, internet: Internet) -> None:
    internet.connect()
    async for cloud in running(SmallCloud(place, prefix=internet.prefix)):
        await cloud.environment(1)
        assert (await cloud.hostd.status()).outbound == "none"
        assert (await fetch(cloud, f"http://{SERVER}:{WEB}/"))[:2] == ("", 7)
        assert outbound_processes(cloud) == set()


async def leads_out(cloud: SmallCloud) -> None:
    """Wait until there is a way out."""
    async with asyncio.timeout(30):
        while (await cloud.hostd.status()).outbound != OPEN:
            assert cloud.daemon is not None
            assert cloud.daemon.poll() is None
            await asyncio.sleep(0.02)


async def fetch(cloud: SmallCloud, url: str, seconds: float = 4) -> tuple[str, int, float]:
    """What curl in PHP got, its error's number, and seconds."""
    code = FETCH.replace("{url}", url).replace("{ms}", str(round(seconds * 1000)))
    body, error, took = json.loads(await cloud.run(OURS, code))
    return body, error, took


async def reaches(cloud: SmallCloud, url: str) -> None:
    """Wait until a site reaches it: a name server that was silent is asked again after a while."""
    async with asyncio.timeout(30):
        while (await fetch(cloud, url))[0] != "reached":
            await asyncio.sleep(0.1)


def outbound_processes(cloud: SmallCloud) -> set[int]:
    """Those of this cloud: other tests may run beside this one."""
    ours = hashlib.sha256(str(cloud.data).encode()).hexdigest()[:12]
    candidates = (seen.pid for seen in proc.everyone() if seen.uid == FIRST_UID)
    return {pid for pid in candidates if proc.mark_of(pid).startswith(ours)}


def outbound(cloud: SmallCloud, program: str) -> int:
    """Its pasta, or the resolver."""
    return next(pid for pid in outbound_processes(cloud) if program in proc.command_of(pid).split()[0])


def in_network(cloud: SmallCloud, *command: str) -> str:
    """What a program says in the network all wires lead to."""
    whole = ["nsenter", "--target", str(outbound(cloud, "python")), "--net", *command]
    return subprocess.run(whole, capture_output=True, text=True, check=True, timeout=20).stdout


def weaken(cloud: SmallCloud) -> None:
    """Let everything pass that comes from a site."""
    in_network(cloud, "nft", "flush", "chain", "inet", fence.TABLE, "leave")
    in_network(cloud, "nft", "add", "rule", "inet", fence.TABLE, "leave", "accept")


def wires(cloud: SmallCloud) -> list[str]:
    """The address at the end of each."""
    said = in_network(cloud, "cat", "/proc/self/net/route")
    rows = [line.split() for line in said.splitlines() if line.startswith("w")]
    return [".".join(str(part) for part in reversed(bytes.fromhex(row[1]))) for row in rows]


async def no_wires(cloud: SmallCloud) -> None:
    """A namespace is cleared away a moment after its last process."""
    async with asyncio.timeout(20):
        while wires(cloud):
            await asyncio.sleep(0.05)
