"""Talking to supervisord over its socket: start it, give it new settings, ask how services are, stop everything."""

import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from supervisor.xmlrpc import SupervisorTransport

from aipress.cli.installation import Installation
from aipress.cli.machine import subreaper
from aipress.cli.machine.commands import clean_environment
from aipress.cli.machine.supervisord import settings_file
from aipress.cli.trouble import NOT_RUNNING, Trouble

START_SECONDS = 10
# MariaDB may take its time to write everything down; the others are quick.
STOP_SECONDS = 120


@dataclass(frozen=True)
class Service:
    """How one service is: supervisord's word for its state, its process, and for how many seconds it has been so."""

    name: str
    state: str
    pid: int
    seconds: int

    @property
    def is_running(self) -> bool:
        return self.state == "RUNNING"


def is_supervised(place: Installation) -> bool:
    """Whether our supervisord answers."""
    transport = _transport(place)
    try:
        _behind(transport).getState()
    except (OSError, xmlrpc.client.Error):
        return False
    finally:
        transport.close()
    return True


def start_supervisord(place: Installation) -> None:
    """Start it, in a session of its own; a stale socket or pid file of a machine that lost power is no hindrance."""
    with (place.logs / "supervisord.out").open("ab") as last_words:
        daemon = subprocess.Popen(
            [sys.executable, "-I", subreaper.__file__, str(settings_file(place))],
            stdin=subprocess.DEVNULL,
            stdout=last_words,
            stderr=last_words,
            cwd="/",
            env=clean_environment(),
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not is_supervised(place):
        if daemon.poll() is not None or time.monotonic() > deadline:
            raise Trouble(
                "supervisord did not start.", f"Its last words are in {place.logs}/supervisord.out."
            )
        time.sleep(0.05)


def refresh(place: Installation, only: Collection[str] = ()) -> list[str]:
    """Bring the running services in line with the settings file, or `only` these; the names of those started or restarted."""
    supervisor = _supervisor(place)
    added, changed, removed = (
        [name for name in names if not only or name in only] for names in supervisor.reloadConfig()[0]
    )
    for name in [*changed, *removed]:
        supervisor.stopProcessGroup(name)
        supervisor.removeProcessGroup(name)
    for name in [*added, *changed]:
        supervisor.addProcessGroup(name)
    asleep = [
        service.name
        for service in services(place)
        if service.state in ("STOPPED", "EXITED", "FATAL") and (not only or service.name in only)
    ]
    for name in asleep:
        if name not in (*added, *changed):
            supervisor.startProcess(name, False)
    return sorted({*added, *changed, *asleep})


def services(place: Installation) -> list[Service]:
    """Every service, in the order they start. Raises Trouble when the platform is not running."""
    try:
        rows = cast(list[dict[str, Any]], _supervisor(place).getAllProcessInfo())
    except (OSError, xmlrpc.client.Error) as error:
        raise Trouble("AIPress is not running here.", "Start it with ./aipress up.", NOT_RUNNING) from error
    return [
        Service(row["name"], row["statename"], row["pid"], max(0, row["now"] - row["start"])) for row in rows
    ]


def restart(place: Installation, name: str) -> None:
    """Stop and start one service."""
    supervisor = _supervisor(place)
    supervisor.stopProcess(name)
    supervisor.startProcess(name, False)


def stop_everything(place: Installation) -> None:
    """Stop the services, last started first, then supervisord; returns when all of it is gone."""
    pid = _supervisor(place).getPID()
    _supervisor(place).shutdown()
    deadline = time.monotonic() + STOP_SECONDS
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            raise Trouble(
                f"Some services did not stop within {STOP_SECONDS} s.", "See ./aipress logs supervisord."
            )
        time.sleep(0.05)


def _supervisor(place: Installation) -> Any:
    return _behind(_transport(place))


def _transport(place: Installation) -> Any:
    return SupervisorTransport(None, None, f"unix://{place.run}/supervisor.sock")


def _behind(transport: Any) -> Any:
    return xmlrpc.client.ServerProxy("http://localhost", transport=transport).supervisor
