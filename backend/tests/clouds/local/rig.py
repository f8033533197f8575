"""Real parts for the tests of this room: MariaDB and nginx, each ended by the test that started it."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from aipress.clouds.local.edge_config import Edge, nginx_command, write_edge_config

WEB = 650_001  # nginx's uid
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="sandboxes and own uids need root")


def wait_for(happened: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until it says yes."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.005)


@contextlib.contextmanager
def short_home() -> Iterator[Path]:
    """A folder of this run which anybody may enter, with a short path: sockets lie in it."""
    place = Path(tempfile.mkdtemp(prefix="aip-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def running(
    process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextlib.contextmanager
def mariadb(home: Path, *options: str) -> Iterator[Path]:
    """An empty server of its own; yields its socket. root signs in by name. Without options it answers at that socket alone."""
    home.mkdir()
    account = ["--user=mysql"] if os.geteuid() == 0 else []
    if account:
        os.chown(home, pwd.getpwnam("mysql").pw_uid, -1)
    install = [
        "mariadb-install-db",
        "--no-defaults",
        *account,
        f"--datadir={home}/d",
        "--auth-root-authentication-method=socket",
    ]
    subprocess.run(
        [*install, "--skip-test-db"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    sock = home / "m.sock"
    command = [
        "mariadbd",
        "--no-defaults",
        *account,
        f"--datadir={home}/d",
        f"--socket={sock}",
        *(options or ("--skip-networking",)),
        f"--pid-file={home}/pid",
    ]
    with (
        (home.with_name("mariadb.log")).open("wb") as log,
        running(subprocess.Popen(command, stdout=log, stderr=log)),
    ):
        wait_for(sock.exists)
        sock.chmod(0o777)
        yield sock


def free_port() -> int:
    """A port nobody listens on just now, of the system's choice: two who ask at once seldom get the same."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """The port of somebody who takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@contextlib.contextmanager
def nginx(edge: Edge, altered: Callable[[str], str] = str) -> Iterator[None]:
    """The edge in the foreground, as a user of its own; its configuration may be altered first."""
    config = write_edge_config(edge)
    config.write_text(altered(config.read_text()))
    for folder in (*(folder for folder, _, _ in os.walk(edge.state)), edge.logs):
        os.chown(folder, WEB, WEB)
    log = edge.state / "error.log"
    with log.open("ab") as errors:
        process = subprocess.Popen(
            nginx_command(edge), stdout=errors, stderr=errors, user=WEB, group=WEB, extra_groups=[]
        )
    with running(process, signal.SIGQUIT):
        wait_for(lambda: process.poll() is not None or answers(edge.port))
        assert process.poll() is None, log.read_text()
        yield


def tell(capsys: pytest.CaptureFixture[str], figures: str) -> None:
    """Show a measured figure even where output is captured."""
    with capsys.disabled():
        sys.stdout.write(f"\n  {figures}")


def visitor(edge: Edge, host: str) -> httpx.Client:
    """A browser without memory of other tests. `host` is only a header: nothing is looked up."""
    return httpx.Client(
        base_url=f"http://127.0.0.1:{edge.port}", headers={"Host": f"{host}:{edge.port}"}, timeout=30
    )


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
