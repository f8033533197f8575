"""`aipress doctor`: the machine and the platform examined, each finding with what to do about it."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal, cast

import redis
from pydantic import JsonValue
from redis.exceptions import RedisError
from rich.markup import escape
from rich.table import Table

from aipress.cli import apart, say
from aipress.cli.client import Api
from aipress.cli.installation import Installation
from aipress.cli.machine import accounts, cloud, directories, distribution, grants, packages, wordpress
from aipress.cli.machine.services import is_supervised, services
from aipress.cli.ready import what_is_missing
from aipress.cli.say import Document
from aipress.cli.status import strays
from aipress.cli.trouble import Trouble
from aipress.errors import AIPressError
from aipress.retirement import warning_about

LITTLE_SPACE = 2 * 2**30
FEW_INODES = 50_000
NOBODYS = "runs as a site or as the way out of all, and is neither; hostd ends it when it starts again"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `remedy` is one line that mends it, empty where nothing is to be done."""

    what: str
    state: Literal["ok", "warning", "wrong", "unknown"]
    said: str
    remedy: str = ""


def examine(place: Installation) -> list[Finding]:
    """Everything that can be looked at from here; a check that fails itself is a finding too."""
    return [
        _safely(look, place)
        for look in (*BEFORE, *(WHILE_IT_RUNS if is_supervised(place) else WHILE_IT_DOES_NOT))
    ]


def show_findings(place: Installation, as_json: bool) -> bool:
    """Print them; True when nothing is wrong."""
    found = examine(place)
    if as_json:
        say.document({"findings": [cast(JsonValue, asdict(one)) for one in found]})
    else:
        say.out.print(_table(found))
    return all(one.state != "wrong" for one in found)


def show_leaks(place: Installation, as_json: bool) -> bool:
    """Print what exists and belongs to no site; True when there is nothing. The platform has to be running."""
    items = cast(list[Document], Api(place).get("/health/leaks")["items"])
    items += [
        {"kind": "process", "name": str(pid), "why": NOBODYS, "cloud": "local"}
        for pid in sorted(strays(place))
    ]
    if as_json:
        say.document({"items": list(items)})
    elif items:
        table = Table("Kind", "Name", "Cloud", "Why", box=None, header_style="dim", padding=(0, 2, 0, 0))
        for item in items:
            table.add_row(*(str(item[part]) for part in ("kind", "name", "cloud", "why")))
        say.out.print(table)
    else:
        say.line("No leaks: everything that exists belongs to a site.")
    return not items


def _safely(look: Callable[[Installation], Finding], place: Installation) -> Finding:
    try:
        return look(place)
    except (Trouble, AIPressError, OSError, RedisError) as error:
        return Finding(
            look.__name__.removeprefix("_").replace("_", " "),
            "wrong",
            str(error),
            getattr(error, "remedy", ""),
        )


def _distribution(_: Installation) -> Finding:
    return Finding("distribution", "ok", distribution.this_distribution().name)


def _packages(place: Installation) -> Finding:
    missing = distribution.missing_packages(
        distribution.wanted_packages(place.settings.php_version, simulates=place.simulates)
    )
    if not missing:
        return Finding("packages", "ok", "all there")
    return Finding("packages", "wrong", f"missing: {', '.join(missing)}", packages.sudo_line(missing))


def _accounts(place: Installation) -> Finding:
    if not place.is_root:
        return Finding(
            "accounts",
            "warning",
            "everything runs as you: sites are NOT ISOLATED",
            "Run the platform as root.",
        )
    try:
        accounts.accounts(is_root=True)
    except KeyError as error:
        return Finding("accounts", "wrong", f"missing: {error.args[0]}", "./aipress up makes them.")
    return Finding("accounts", "ok", "all there")


def _folders(place: Installation) -> Finding:
    wrong = directories.wrong_directories(place.data, accounts.accounts(place.is_root))
    if not wrong:
        return Finding("folders", "ok", str(place.data))
    return Finding(
        "folders",
        "wrong",
        f"missing, or open to the wrong people: {', '.join(wrong)}",
        "./aipress up sets them right.",
    )


def _space(place: Installation) -> Finding:
    there = next(path for path in (place.data, *place.data.parents) if path.is_dir())
    free, inodes = shutil.disk_usage(there).free, _free_inodes(str(there))
    said = f"{free / 2**30:.1f} GB and {inodes:,} files free"
    is_little = free < LITTLE_SPACE or 0 < inodes < FEW_INODES
    return Finding(
        "space",
        "warning" if is_little else "ok",
        said,
        "Make room, or choose another disk with --data." if is_little else "",
    )


def _cloud(place: Installation) -> Finding:
    cloud.check_platform(place)
    return Finding("cloud", "ok", cloud.in_words(place))


def _port(place: Installation) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", place.settings.port))
        except OSError as error:
            return Finding(
                "port",
                "wrong",
                f"{place.settings.port}: {error.strerror}",
                "Choose another one: ./aipress up --port N.",
            )
    return Finding("port", "ok", f"{place.settings.port} is free")


def _services(place: Installation) -> Finding:
    asleep = [
        f"{service.name} ({service.state.lower()})" for service in services(place) if not service.is_running
    ]
    if not asleep:
        return Finding("services", "ok", "all running")
    return Finding("services", "wrong", ", ".join(asleep), f"./aipress logs {asleep[0].split()[0]} says why.")


def _answers(place: Installation) -> Finding:
    missing = what_is_missing(place)
    return Finding(
        "answers",
        "wrong" if missing else "ok",
        missing or f"{place.settings.base_url}/",
        "./aipress logs control says more." if missing else "",
    )


def _isolation(place: Installation) -> Finding:
    each = apart.everywhere(place)
    said = "; ".join(apart.told(each))
    if any(one.isolated is None for one in each):
        return Finding("isolation", "wrong", said, "./aipress logs hostd says why.")
    if apart.are_apart(each):
        return Finding("isolation", "ok", said)
    here = any(one.cloud == "local" and not one.isolated for one in each)
    return Finding("isolation", "warning", said, "Run the platform as root." if here else "")


def _mariadb(place: Installation) -> Finding:
    where, who = place.run / "mariadb.sock", wordpress.database_account(place)
    open_ones = grants.what_is_open(where, who)
    if not grants.administrates(where, who, accounts.accounts(place.is_root).control.name):
        open_ones.append("the control plane's account has lost its rights")
    return Finding(
        "mariadb",
        "wrong" if open_ones else "ok",
        "; ".join(open_ones) or "nothing open",
        "Remove what is named here." if open_ones else "",
    )


def _redis(place: Installation) -> Finding:
    stranger = redis.Redis(unix_socket_path=str(place.run / "redis.sock"), socket_timeout=5)
    try:
        stranger.ping()
    except redis.exceptions.AuthenticationError:
        return Finding("redis", "ok", "answers nobody without a name")
    return Finding(
        "redis", "wrong", "answers anybody: its default user is on", "./aipress down && ./aipress up"
    )


def _language_model(place: Installation) -> Finding:
    settings = place.settings
    if not settings.chosen_model:
        return Finding("language model", "ok", "none: the offline engine answers")
    chosen, warning = (
        f"{settings.chosen_model} ({settings.engine})",
        warning_about(settings, datetime.now(UTC).date()),
    )
    return Finding(
        "language model",
        "warning" if warning else "ok",
        warning or chosen,
        "Then ./aipress up." if warning else "",
    )


def _stopped(place: Installation) -> Finding:
    return Finding("platform", "unknown", f"not running in {place.data}", "./aipress up")


BEFORE = (_distribution, _packages, _accounts, _folders, _space, _cloud, _language_model)
WHILE_IT_RUNS = (_services, _answers, _isolation, _mariadb, _redis)
WHILE_IT_DOES_NOT = (_port, _stopped)
SIGNS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "wrong": "[red]✗[/]", "unknown": "[dim]?[/]"}


def _table(found: list[Finding]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    for row in _rows(found):
        table.add_row(*row)
    return table


def _rows(found: list[Finding]) -> Iterator[tuple[str, str, str]]:
    for one in found:
        yield SIGNS[one.state], one.what, escape(one.said)
        if one.remedy:
            yield "", "", f"[dim]→ {escape(one.remedy)}[/]"


def _free_inodes(path: str) -> int:
    return os.statvfs(path).f_favail
