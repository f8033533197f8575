"""`aipress gcp doctor · audit`: what is wrong with the platform on Google Cloud, and what stands there that is nobody's. Both only look."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar, cast

import typer
from pydantic import JsonValue
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import Installation, find
from aipress.cli.options import Data, Json
from aipress.cli.trouble import FAILED, REFUSED, Trouble
from aipress.errors import AIPressError

if TYPE_CHECKING:
    from aipress.clouds.gcp.audit import Stray
    from aipress.clouds.gcp.doctor.complaints import Complaint
    from aipress.clouds.gcp.google import Google
    from aipress.clouds.gcp.platform import Platform

T = TypeVar("T")
File = Annotated[
    Path | None,
    typer.Option("--platform", metavar="FILE", help="The platform's file; otherwise as the settings say."),
]


def doctor(platform: File = None, data: Data = None, as_json: Json = False) -> None:
    """Say which API, permission, quota or setting is missing on Google Cloud, and what to do. Exit code 1 when something is."""
    from aipress.clouds.gcp.doctor import cloudflare, examine
    from aipress.clouds.gcp.own_domains import make_cloudflare

    place = find(data)

    async def examined(google: "Google", there: "Platform") -> "list[Complaint]":
        front = make_cloudflare(place.settings, google, there)
        try:
            return await examine(google, there) + await cloudflare.examine(front, there)
        finally:
            await front.aclose()

    complaints = _asked(place, platform, examined)
    if as_json:
        say.document({"complaints": [cast(JsonValue, asdict(one)) for one in complaints]})
    elif complaints:
        say.out.print(_wrong(complaints))
    else:
        say.line("Nothing is wrong on Google Cloud, as far as can be seen from here.")
    raise typer.Exit(FAILED if complaints else 0)


def audit(platform: File = None, data: Data = None, as_json: Json = False) -> None:
    """List what stands on Google Cloud for no site, and what is billed to nobody. Exit code 1 when there is any."""
    from aipress.clouds.gcp.audit import strays
    from aipress.kit.db import Database
    from aipress.tenants.placing import PlacementsInRows

    place = find(data)
    if not place.settings.database_url and not (place.settings.control_dir / "aipress.sqlite3").exists():
        raise Trouble(f"There is no platform in {place.data}.", "Say which data directory: --data.", REFUSED)

    async def found(google: "Google", there: "Platform") -> "list[Stray]":
        rows = Database(place.settings.rows_url)
        try:
            return await strays(google, there, await PlacementsInRows(rows, there).all())
        finally:
            await rows.close()

    items = _asked(place, platform, found)
    if as_json:
        say.document({"items": [cast(JsonValue, asdict(one)) for one in items]})
    elif items:
        say.out.print(_nobodys(items))
    else:
        say.line("Everything on Google Cloud belongs to a site, or to the platform, and is billed so.")
    raise typer.Exit(FAILED if items else 0)


def _asked(place: Installation, file: Path | None, work: "Callable[[Google, Platform], Awaitable[T]]") -> T:
    """What comes of asking Google, or the simulator that the settings name."""
    from aipress.clouds.gcp.cloud import make_google
    from aipress.clouds.gcp.platform import read_platform

    async def ask() -> T:
        google = make_google(place.settings)
        try:
            return await work(google, read_platform(file or place.settings.gcp_platform))
        finally:
            await google.aclose()

    try:
        return asyncio.run(ask())
    except AIPressError as error:
        raise Trouble(str(error), "", REFUSED) from error


def _wrong(complaints: "Sequence[Complaint]") -> Table:
    table = Table(
        "Where", "What", "What is wrong", "What to do", box=None, header_style="dim", padding=(0, 2, 0, 0)
    )
    for one in complaints:
        table.add_row(*(say.cell(text) for text in (one.where, one.what, one.said, one.remedy)))
    return table


def _nobodys(items: "Sequence[Stray]") -> Table:
    table = Table("Kind", "Name", "Project", "Why", box=None, header_style="dim", padding=(0, 2, 0, 0))
    for one in items:
        table.add_row(*(say.cell(text) for text in (one.kind, one.name, one.project, one.why)))
    return table
