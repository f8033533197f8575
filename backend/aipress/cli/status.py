"""`aipress status`: how the platform is, at a glance."""

import asyncio
import time
from dataclasses import asdict
from typing import cast

from pydantic import JsonValue

from aipress.cli import say
from aipress.cli.apart import Apart, are_apart, everywhere, told
from aipress.cli.client import Api
from aipress.cli.installation import Installation
from aipress.cli.machine import cloud
from aipress.cli.machine.services import is_supervised, services
from aipress.cli.ready import what_is_missing
from aipress.cli.say import Document
from aipress.cli.trouble import Trouble
from aipress.errors import CloudError
from aipress.hostd.client import Hostd

A_MOMENT = 1.0


def look(place: Installation) -> Document:
    """`running ready missing address data cloud clouds services sites isolation`; what can't be known is null."""
    is_running = is_supervised(place)
    missing = what_is_missing(place) if is_running else "it is not running"
    found = services(place) if is_running else []
    each = everywhere(place) if is_running else []
    return {
        "running": is_running,
        "ready": not missing,
        "missing": missing,
        "address": f"{place.settings.base_url}/",
        "data": str(place.data),
        "cloud": {"name": place.settings.cloud, "in_words": cloud.in_words(place)},
        "clouds": list[JsonValue](place.settings.clouds),
        "services": [cast(JsonValue, asdict(service)) for service in found],
        "sites": _sites(place) if is_running else None,
        "isolation": _isolation(each) if each else None,
    }


def show(found: Document) -> None:
    """The same for people."""
    if not found["running"]:
        say.line(f"AIPress is not running in {found['data']}. Start it with ./aipress up.")
        return
    say.styled(
        "[green]AIPress is running[/]" if found["ready"] else "[yellow]AIPress is running, but not ready[/]"
    )
    if found["missing"]:
        say.line(f"  Missing    {found['missing']}")
    say.line(f"  Address    {found['address']}")
    say.line(f"  Data       {found['data']}")
    say.line(f"  Cloud      {cast(Document, found['cloud'])['in_words']}")
    say.line(f"  Sites      {'unknown' if found['sites'] is None else found['sites']}")
    for number, words in enumerate(cast(list[str], cast(Document, found["isolation"])["lines"])):
        say.line(f"  {'' if number else 'Isolation':<9}  {words}")
    for service in cast(list[Document], found["services"]):
        colour = "green" if service["state"] == "RUNNING" else "yellow"
        state = str(service["state"]).lower()
        say.styled(
            f"  [{colour}]●[/] {service['name']:<10} {state} [dim]pid {service['pid']}, {service['seconds']} s[/]"
        )


def _isolation(each: list[Apart]) -> Document:
    lines = told(each)
    return {"isolated": are_apart(each), "in_words": "; ".join(lines), "lines": list[JsonValue](lines)}


def strays(place: Installation) -> set[int]:
    """Processes under accounts of sites that belong to none, now and a moment later: one that was just ending is no stray."""
    found = _strays(place)
    if found:
        time.sleep(A_MOMENT)
        found &= _strays(place)
    return found


def _strays(place: Installation) -> set[int]:
    try:
        return set(asyncio.run(Hostd(place.run / "hostd.sock", 10).inventory()).stray_processes)
    except CloudError:
        return set()


def _sites(place: Installation) -> int | None:
    try:
        return sum(1 for _ in Api(place, 10).every("/tenants"))
    except Trouble:
        return None
