"""A local cloud of the smallest size for tests: a data directory, hostd as a process, and PHP as its visitors see it."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from aipress.clouds.base import SECRET_NAMES
from aipress.clouds.local.php import php_version, write_php_settings
from aipress.hostd.client import EnvironmentStatus, Hostd, Limits
from aipress.kit.sealed import SealedStore, ensure_master_key
from tests.hostd.fastcgi import Answer, fetch

VERSION = "7.0"
FIRST_UID = 764_000
READY_SECONDS = 10
HELLO = "<?php echo 'hello from ', getenv('AIPRESS_ENVIRONMENT');"


def environment_id(number: int) -> str:
    return f"{number:012x}"


@dataclass
class SmallCloud:
    """One data directory with one hostd, which may be killed and started again."""

    data: Path
    idle_seconds: int = 60
    flags: tuple[str, ...] = ("--outbound", "none")
    prefix: tuple[str, ...] = ()
    daemon: subprocess.Popen[bytes] | None = None

    def lay_out(self) -> None:
        """What `aipress up` makes before hostd starts, with a core of one file."""
        core = self.data / "wordpress" / VERSION
        (core / "wp-content/themes/plain").mkdir(parents=True)
        (core / "wp-content/themes/plain/style.css").write_text("/* Theme Name: Plain */")
        (core / "hello.php").write_text(HELLO)
        for folder in ("run", "vault", "opcache", "environments", "edge/sites"):
            (self.data / folder).mkdir(parents=True, mode=0o755)
        write_php_settings(self.data, php_version())
        ensure_master_key(self.data / "vault/master.key")

    @property
    def vault(self) -> SealedStore:
        return SealedStore(self.data / "vault", self.data / "vault/master.key")

    @property
    def hostd(self) -> Hostd:
        return Hostd(self.data / "run/hostd.sock")

    def place(self, id: str) -> Path:
        return self.data / "environments" / id

    async def start(self) -> None:
        """Start hostd and wait until it answers."""
        self.daemon = self.spawn()
        async with asyncio.timeout(READY_SECONDS):
            while not (self.data / "run/hostd.sock").exists() or not await self._answers():
                assert self.daemon.poll() is None, self.log()
                await asyncio.sleep(0.01)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Another hostd for this data directory."""
        flags = ("--idle-seconds", str(self.idle_seconds), "--uid-base", str(FIRST_UID), *self.flags)
        accounts = ("--control-user", "nobody", "--web-user", "www-data", "--logs-user", "games")
        command = [
            *self.prefix,
            sys.executable,
            "-P",
            "-m",
            "aipress.hostd",
            "--data",
            str(self.data),
            *flags,
            *accounts,
        ]
        environment = {**os.environ, "PYTHONPATH": os.getcwd()}
        with open(self.data / "hostd.log", "ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log, env=environment)

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        assert self.daemon is not None
        self.daemon.kill()
        self.daemon.wait()

    async def stop(self) -> None:
        """SIGTERM: everything sleeps, then it ends."""
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            await asyncio.to_thread(self.daemon.wait, 30)

    async def clear_away(self) -> None:
        """Stop everything, also when the last hostd was killed: a successor adopts what it left, and stops that."""
        if self.daemon is None or self.daemon.poll() is not None:
            await self.start()
        await self.stop()

    async def environment(self, number: int, limits: Limits | None = None, tenant: str = "") -> str:
        """An environment with files, secrets and a runtime; returns its id."""
        id, uid = environment_id(number), FIRST_UID + number
        self.vault.generate(id, SECRET_NAMES)
        await self.hostd.make_files(id, uid)
        await self.hostd.ensure_runtime(id, uid, limits or Limits(), tenant)
        return id

    async def status(self, id: str) -> EnvironmentStatus:
        return (await self.hostd.status()).environments[id]

    async def until(self, state: str, id: str, seconds: float = 10) -> EnvironmentStatus:
        """Wait for a state."""
        async with asyncio.timeout(seconds):
            while (now := await self.status(id)).state != state:
                await asyncio.sleep(0.02)
        return now

    async def visit(self, id: str, script: str = "/srv/wordpress/hello.php", seconds: float = 20) -> Answer:
        return await fetch(self.place(id) / "run/real.sock", script, seconds)

    def write(self, id: str, name: str, content: str) -> str:
        """A file in the environment's content, as its tenant would write it; returns its path as PHP sees it."""
        file = self.place(id) / "content" / name
        file.write_text(content)
        owner = (self.place(id) / "content").stat()
        os.chown(file, owner.st_uid, owner.st_gid)
        return f"/srv/content/{name}"

    async def run(self, id: str, code: str) -> str:
        """What this PHP, as the environment's own, prints."""
        script = self.write(id, "probe.php", f"<?php {code}")
        return (await self.visit(id, script)).body

    def log(self) -> str:
        return (self.data / "hostd.log").read_text()

    def log_of(self, id: str) -> str:
        return (self.place(id) / "logs/php.log").read_text()

    async def _answers(self) -> bool:
        from aipress.errors import CloudBusy

        try:
            await self.hostd.status()
        except CloudBusy:
            return False
        return True
