"""One installation on this machine: where its data lies, its port, and whether it may use accounts of its own.

A flag wins over AIPRESS_* and aipress.toml, those over what the last `up` remembered, that over the defaults.
"""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from aipress.cli.machine import simulator
from aipress.cli.machine.files import write_if_changed
from aipress.cli.trouble import Trouble
from aipress.config import Settings

CHECKOUT = Path(__file__).resolve().parents[3]
# sockaddr_un holds 108 bytes; supervisord binds a temporary name that is a little longer than its own.
LONGEST_SOCKET_PATH = 92


@dataclass(frozen=True)
class Installation:
    """What every command needs to know before it does anything."""

    settings: Settings
    checkout: Path
    is_root: bool
    simulates: bool = False  # Google Cloud, by a service of its own

    @property
    def data(self) -> Path:
        return self.settings.data_dir

    @property
    def run(self) -> Path:
        return self.settings.run_dir

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def remembered(self) -> Path:
        return self.data / "platform.json"


def find(data: Path | None = None, port: int | None = None, gcp_sim: bool | None = None) -> Installation:
    """The installation the flags and the environment speak of. Raises Trouble when a setting makes no sense.

    Whether Google Cloud is simulated is remembered until somebody says otherwise.
    """
    flags: dict[str, Path | int | str] = {"data_dir": data.resolve()} if data else {}
    # Whether Google Cloud is a simulator is known when the data directory is; until then no setting is refused for it.
    said = _settings({**flags, "gcp_endpoint": simulator.endpoint(0)})
    memory = _remembered(said.data_dir)
    chosen = port or (said.port if "port" in said.model_fields_set else memory.port or said.port)
    flags["port"] = chosen
    simulates = memory.simulates if gcp_sim is None else gcp_sim
    if simulates:
        flags |= simulator.settings(said.data_dir, chosen, said.cloud)
    return Installation(_settings(flags), CHECKOUT, os.geteuid() == 0, simulates)


def check_paths(place: Installation) -> None:
    """Raise Trouble where the data directory can't hold Unix sockets or is no absolute path."""
    if not place.data.is_absolute():
        raise Trouble(f"The data directory has to be an absolute path, not {place.data}.")
    if place.is_root and (closed := _closed_to_accounts(place.data)):
        raise Trouble(
            f"The platform's accounts can't enter {closed}, so they would not reach {place.data}.",
            f"Choose another place with --data, or let everyone pass through: chmod o+x {closed}",
        )
    if len(str(place.run / "supervisor.sock")) > LONGEST_SOCKET_PATH:
        raise Trouble(
            f"The path {place.data} is too long for Unix sockets.", "Please choose a shorter one with --data."
        )


def remember(place: Installation) -> None:
    """Write down what later commands need to find the platform again."""
    known = {"port": place.settings.port, "gcp_sim": place.simulates}
    write_if_changed(place.remembered, json.dumps(known) + "\n", 0o644)


def _closed_to_accounts(data: Path) -> Path | None:
    """The first directory on the way to the data that only its owner may enter."""
    there = [path for path in reversed(data.parents) if path.is_dir()]
    return next((path for path in there if not path.stat().st_mode & stat.S_IXOTH), None)


def _settings(flags: dict[str, Path | int | str]) -> Settings:
    try:
        return Settings.model_validate(flags)
    except ValidationError as error:
        wrong = "; ".join(
            ": ".join([*(str(part) for part in e["loc"]), e["msg"].removeprefix("Value error, ").rstrip(".")])
            for e in error.errors()
        )
        raise Trouble(
            f"A setting makes no sense: {wrong}.", "See .env.example for what each one means."
        ) from error


@dataclass(frozen=True)
class _Memory:
    """What the last `up` wrote down; 0 where it wrote no port."""

    port: int = 0
    simulates: bool = False


def _remembered(data: Path) -> _Memory:
    try:
        told = json.loads((data / "platform.json").read_text())
        return _Memory(int(told["port"]), told.get("gcp_sim") is True)
    except (OSError, ValueError, KeyError, TypeError):
        return _Memory()
