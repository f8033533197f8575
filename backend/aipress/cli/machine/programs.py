"""The services of the platform: what each runs, as whom, in which order, and how it is asked to stop."""

from dataclasses import dataclass, field
from pathlib import Path

from aipress.cli.installation import Installation
from aipress.cli.machine import edge, mariadb, redis, simulator
from aipress.cli.machine.accounts import Account, Accounts
from aipress.cli.machine.code import Code
from aipress.clouds.local import edge_config
from aipress.config import Settings

# Settings that are secrets go to the one service that needs them.
ONLY_FOR = {
    "database_url": ("control",),
    "smtp_password": ("control",),
    "cloudflare_token": ("control",),
    "model_api_key": ("assistant",),
    "google_cloud_credentials": ("assistant",),
    "firebase_credentials": ("control",),
}
SOCKETS = {"control": "control.sock", "assistant": "chat.sock"}
APPS = {"control": "aipress.api.app:create_app", "assistant": "aipress.chat.app:create_app"}
PYTHON = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
FIRST_UNPRIVILEGED_PORT = 1024


@dataclass(frozen=True)
class Program:
    """One supervised service. `fingerprint` stands for everything that asks for a restart when it changes."""

    name: str
    command: tuple[str, ...]
    account: Account
    order: int
    home: Path
    fingerprint: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_seconds: int = 10
    takes_children_along: bool = True
    socket: Path | None = None
    socket_group: str = ""

    @property
    def record(self) -> Path:
        """Where its launch is written down: a folder nobody with fewer rights can write to."""
        return self.home / f"{self.name}.launch"


@dataclass(frozen=True)
class Stage:
    """What every service is told: the installation, who may do what, and where the code is."""

    place: Installation
    who: Accounts
    code: Code


def programs(stage: Stage, fingerprints: dict[str, str]) -> list[Program]:
    """Everything `up` starts, in order. `fingerprints` are those of the services' own settings, by name."""
    return [
        _mariadb(stage, fingerprints["mariadb"]),
        _redis(stage, fingerprints["redis"]),
        *([_gcpsim(stage)] if stage.place.simulates else []),
        _hostd(stage),
        _shipper(stage),
        _web_service(stage, "control", 40, fingerprints.get("control", "")),
        _web_service(stage, "assistant", 50),
        _nginx(stage, fingerprints["nginx"]),
    ]


def _mariadb(stage: Stage, fingerprint: str) -> Program:
    data = stage.place.data
    command = ("mariadbd", f"--defaults-file={mariadb.settings_file(data)}")
    return Program("mariadb", command, stage.who.data, 10, data / "mariadb", fingerprint, stop_seconds=60)


def _redis(stage: Stage, fingerprint: str) -> Program:
    data = stage.place.data
    return Program(
        "redis",
        ("redis-server", str(redis.settings_file(data))),
        stage.who.data,
        20,
        data / "redis",
        fingerprint,
    )


def _gcpsim(stage: Stage) -> Program:
    place = stage.place
    # Root's, as it starts containers and servers under accounts of their own; it ends them itself.
    return Program(
        "gcpsim",
        simulator.command(stage.code.python, place.data, place.settings.port),
        stage.who.root,
        25,
        simulator.folder(place.data),
        stage.code.fingerprint,
        {"PYTHONPATH": str(stage.code.home / "backend"), **PYTHON},
        stop_seconds=60,
        takes_children_along=False,
    )


def _hostd(stage: Stage) -> Program:
    # The sites it started live on when it is killed; its successor adopts them.
    return Program(
        "hostd",
        (str(stage.code.python), "-P", "-m", "aipress.hostd"),
        stage.who.root,
        30,
        stage.place.run,
        stage.code.fingerprint,
        _python_environment(stage, "hostd"),
        stop_seconds=30,
        takes_children_along=False,
    )


def _shipper(stage: Stage) -> Program:
    return Program(
        "shipper",
        (str(stage.code.python), "-P", "-m", "aipress.clouds.local.shipper"),
        stage.who.logs,
        35,
        stage.place.data / "shipper",
        stage.code.fingerprint,
        _python_environment(stage, "shipper"),
    )


def _web_service(stage: Stage, name: str, order: int, fingerprint: str = "") -> Program:
    # Only nginx and root can open the socket, so what the proxy says about the client may be believed.
    flags = (
        "--fd",
        "0",
        "--lifespan",
        "on",
        "--no-access-log",
        "--no-server-header",
        "--forwarded-allow-ips",
        "*",
    )
    return Program(
        name,
        (
            str(stage.code.python),
            "-P",
            "-m",
            "uvicorn",
            "--factory",
            APPS[name],
            *flags,
            "--timeout-graceful-shutdown",
            "3",
        ),
        stage.who.control,
        order,
        stage.place.settings.control_dir,
        stage.code.fingerprint + fingerprint,
        _python_environment(stage, name),
        socket=stage.place.run / SOCKETS[name],
        socket_group=stage.who.web.name,
    )


def _nginx(stage: Stage, fingerprint: str) -> Program:
    place, who = stage.place, stage.who
    command = tuple(edge_config.nginx_command(edge.edge_of(place, Path())))
    account, home = who.web, place.data / "nginx"
    if place.is_root and place.settings.port < FIRST_UNPRIVILEGED_PORT:
        # The one right it lacks, instead of a master that runs as root.
        rights = ("--inh-caps=-all,+net_bind_service", "--ambient-caps=+net_bind_service")
        command = (
            "setpriv",
            f"--reuid={who.web.uid}",
            f"--regid={who.web.gid}",
            "--clear-groups",
            *rights,
            *command,
        )
        account, home = who.root, place.run
    return Program("nginx", command, account, 60, home, fingerprint, stop_signal="QUIT", stop_seconds=5)


def forwarded(settings: Settings, service: str) -> dict[str, str]:
    """The settings as AIPRESS_* variables for one service: those that are not defaults, and where the data lies."""
    fields = type(settings).model_fields
    values = {name: getattr(settings, name) for name in fields if service in ONLY_FOR.get(name, (service,))}
    chosen = {
        name: value for name, value in values.items() if name == "data_dir" or value != fields[name].default
    }
    return {f"AIPRESS_{name.upper()}": str(value) for name, value in chosen.items()}


def for_google(settings: Settings, service: str) -> dict[str, str]:
    """Where Google's own client looks for credentials; without, it takes the machine's."""
    path = settings.google_cloud_credentials
    return {"GOOGLE_APPLICATION_CREDENTIALS": path} if path and service == "assistant" else {}


def _python_environment(stage: Stage, service: str) -> dict[str, str]:
    python = {"PYTHONPATH": str(stage.code.home / "backend"), **PYTHON}
    return python | forwarded(stage.place.settings, service) | for_google(stage.place.settings, service)
