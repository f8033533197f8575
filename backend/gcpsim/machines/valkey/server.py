"""One Redis or Valkey server, and who may come in. `gcpsim` is the simulator's own user, with a password for as long as it runs."""

import hashlib
import re
import secrets
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NobodyListens
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from gcpsim.errors import Refused
from gcpsim.machines.certificates import Certificate, give
from gcpsim.machines.programs import SEARCHED, Program, Programs, end_leftover, own_folder
from gcpsim.wire import Json

ACCOUNT = "redis"
PROGRAMS = ("valkey-server", "redis-server")
PORT = 6379
OWN = "gcpsim"
PATIENCE = 60.0
MEMORY = 64
"""Megabytes a cache may hold: enough to try, whatever a node of its type would have."""

SETTABLE = re.compile(r"maxmemory-policy|notify-keyspace-events|lazyfree-lazy-[a-z-]+|hash-max-[a-z-]+")
VALUE = re.compile(r"[A-Za-z0-9_$-]*")


@dataclass(frozen=True)
class Settings:
    """What of a cache's settings its server goes by: `configs` as Redis calls them."""

    configs: dict[str, str]
    tls: bool


def settings_of(content: Json) -> Settings:
    """Of a Redis cluster, a Redis instance or a Valkey instance."""
    told = {**content.get("redisConfigs", {}), **content.get("engineConfigs", {})}
    fitting = {
        name: str(value)
        for name, value in told.items()
        if SETTABLE.fullmatch(name) and VALUE.fullmatch(str(value))
    }
    return Settings(fitting, "SERVER_AUTHENTICATION" in str(content.get("transitEncryptionMode", "")))


def program() -> str:
    """The server there is on this machine, or ''."""
    return next((name for name in PROGRAMS if shutil.which(name, path=SEARCHED)), "")


class Server:
    """`address` is its own; nothing of it runs until `start`."""

    def __init__(self, folder: Path, address: str, programs: Programs) -> None:
        self.folder, self.address, self._programs = folder, address, programs
        self.own = folder / "own"
        self.certificate = Certificate(folder / "server.pem", self.own / "server-key.pem")
        self._password = ""
        self._program: Program | None = None
        self._users: dict[str, str] = {}
        self._told: tuple[str, Settings] = ("", Settings({}, tls=False))
        self._turn = threading.RLock()
        self._is_ready = False

    def start(self, name: str, settings: Settings, users: dict[str, str]) -> None:
        """Let it run with these users, and wait until it answers."""
        with self._turn:
            self._told = name, settings
            self._start(users)

    def revive(self) -> None:
        """Let it run again, empty, if it ended by itself."""
        with self._turn:
            if self._program is not None and not self._program.is_alive:
                self._is_ready = False
                self._start(dict(self._users))

    def stop(self) -> None:
        """End it."""
        with self._turn:
            self._is_ready = False
            if self._program is not None:
                self._program.stop()
                self._program = None

    def change(self, settings: Settings) -> None:
        """Other settings while it runs."""
        with self._turn, self.connect() as line:
            self._told = self._told[0], settings
            for name, value in settings.configs.items():
                line.config_set(name, value)

    def set_users(self, users: dict[str, str]) -> None:
        """These and no others; those before, where the server does not understand one. One that is still starting is told later."""
        if not self._is_ready:
            return
        with self._turn, self.connect() as line:
            before = dict(self._users)
            try:
                self._tell(line, users)
            except ResponseError as refused:
                self._tell(line, before)
                raise Refused(400, f"Invalid ACL rule: {refused}") from None
            except RedisError as broken:
                raise Refused(503, f"The cache did not answer: {type(broken).__name__}") from None

    def connect(self) -> Redis:
        """The simulator's own line, through the socket."""
        return Redis(
            unix_socket_path=str(self.own / "s"), username=OWN, password=self._password, decode_responses=True,
            socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0),
        )  # fmt: skip

    def _start(self, users: dict[str, str]) -> None:
        name, settings = self._told
        end_leftover(self.folder)
        own_folder(self.own, ACCOUNT)
        self.certificate.make(name, self.address)
        give(self.certificate.key, ACCOUNT)
        self._password = secrets.token_urlsafe(24)
        file = self.own / "redis.conf"
        file.touch(mode=0o600)
        file.write_text("".join(f"{line}\n" for line in self._lines(settings)))
        give(file, ACCOUNT)
        self._program = self._programs.start([program(), str(file)], self.folder, ACCOUNT)
        self._wait()
        self._is_ready = True
        try:
            self.set_users(users)
        except Refused:
            self.stop()
            raise

    def _tell(self, line: Redis, users: dict[str, str]) -> None:
        """Only what is another rule than before: whoever is connected with an unchanged one stays."""
        for user, rule in users.items():
            if self._users.get(user) != rule:
                if user == OWN:
                    raise ResponseError(f"'{OWN}' is the simulator's own user")
                line.execute_command("ACL", "SETUSER", user, "reset", *rule.split())  # type: ignore[no-untyped-call]
                self._users[user] = rule
        for user in self._users.keys() - users.keys():
            line.execute_command("ACL", "DELUSER", user)  # type: ignore[no-untyped-call]
            del self._users[user]

    def _lines(self, settings: Settings) -> list[str]:
        hashed = hashlib.sha256(self._password.encode()).hexdigest()
        tls = [
            "port 0", f"tls-port {PORT}", "tls-auth-clients no", f"tls-cert-file {self.certificate.certificate}",
            f"tls-key-file {self.certificate.key}", f"tls-ca-cert-file {self.certificate.certificate}",
        ]  # fmt: skip
        return [
            f"bind {self.address}", "protected-mode no", "set-proc-title no", f"unixsocket {self.own}/s", "unixsocketperm 700", f"dir {self.own}", 'save ""',
            f"maxmemory {MEMORY}mb", *(tls if settings.tls else [f"port {PORT}"]), "user default off", f"user {OWN} on #{hashed} ~* &* +@all",
            *(f"{name} {value or chr(34) * 2}" for name, value in settings.configs.items()),
        ]  # fmt: skip

    def _wait(self) -> None:
        self._users = {"default": "off"}
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with self.connect() as line:
                    line.ping()
                return
            except NobodyListens:
                if self._program is None or not self._program.is_alive or time.monotonic() > end:
                    self.stop()
                    raise Refused(500, f"The cache did not start: {self._last_words()}") from None
            time.sleep(0.02)

    def _last_words(self) -> str:
        said = (self.folder / "output.log").read_text(errors="replace").strip().splitlines()
        return said[-1][-300:] if said else ""
