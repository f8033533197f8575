"""`aipress sites logs NAME`: what a site's visitors, PHP, WordPress and the platform wrote, and what they write from now on."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document
from aipress.cli.trouble import Trouble
from aipress.kit import clock

if TYPE_CHECKING:
    from aipress.cli.client import Api

Query = dict[str, str | int]
USUAL, MOST = 100, 500  # lines, and in one page
AGO = re.compile(r"(?=\d)(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
UNITS = ("weeks", "days", "hours", "minutes", "seconds")
STYLES = {"warning": "yellow", "error": "red", "critical": "bold red"}


Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source", help="access, php, wordpress, slow, cron, mail or platform; once for each of several."
    ),
]
Level = Annotated[str, typer.Option(help="debug, info, warning, error or critical: that and worse.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="At most so many lines, the newest.")]


# A command has an argument for each of its options.
def logs(  # noqa: PLR0913
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    sources: Sources = None,
    level: Level = "debug",
    q: Annotated[str, typer.Option(help="Text to look for, as it stands.")] = "",
    since: Annotated[str, typer.Option(help="How long ago (90m, 1h30m, 7d) or a time.")] = "1h",
    until: Annotated[str, typer.Option(help="The same, for the end; otherwise now.")] = "",
    request: Annotated[str, typer.Option(metavar="ID", help="Everything of one request.")] = "",
    limit: Limit = USUAL,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes in.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """What a site wrote lately, oldest first; with --follow, what it writes from now on too."""
    from aipress.cli.client import Api

    api, path = Api(find(data)), f"/tenants/{quote(site, safe='')}/logs"
    said: Query = {"source": ",".join(sources or ()), "level": level, "q": q, "request_id": request}
    asked: Query = {name: value for name, value in said.items() if value}
    window: Query = {"since": moment(since)}
    if until:
        window["until"] = moment(until)
    lines = _found(api, path, asked | window, limit)[::-1]
    if as_json and not follow:
        say.document({"items": list(lines)})
        return
    show = _print_json if as_json else _print_line
    for line in lines:
        show(line)
    if follow:
        for line in api.follow(f"{path}/stream", asked, str(lines[-1]["id"]) if lines else ""):
            show(line)
    elif not lines:
        say.note(f"Nothing that fits was written since {window['since']}.")


def moment(told: str) -> str:
    """A time, or how long ago, as a time. Raises Trouble for anything else."""
    if told and (ago := AGO.fullmatch(told.strip().lower())):
        amounts = {unit: int(one) for unit, one in zip(UNITS, ago.groups(), strict=True) if one}
        if amounts and sum(amounts.values()) < 100_000:
            return (clock.now() - timedelta(**amounts)).isoformat()
    try:
        time = datetime.fromisoformat(told)
    except ValueError as error:
        raise Trouble(
            f"“{told[:40]}” is no time.",
            "Say how long ago (90m, 1h30m, 7d), or a time such as 2026-11-28T09:00Z.",
        ) from error
    return time.astimezone().isoformat()


def _found(api: "Api", path: str, asked: Query, limit: int) -> list[Document]:
    """The newest lines, newest first, page by page."""
    found: list[Document] = []
    for page in _pages(api, path, asked, limit):
        found += page
    return found


def _pages(api: "Api", path: str, asked: Query, left: int) -> Iterator[list[Document]]:
    cursor: Query = {}
    while left > 0:
        page = api.get(path, **(asked | cursor), limit=min(left, MOST))
        items = cast(list[Document], page["items"])
        yield items
        if not page["next_cursor"]:
            return
        left, cursor = left - len(items), {"cursor": str(page["next_cursor"]), "until": str(page["until"])}


def _print_line(line: Document) -> None:
    """Time, level, source and message: nothing in it is obeyed by a terminal."""
    time = str(line["time"]).partition(".")[0].removesuffix("Z")
    text = say.cell(f"{time}Z  {line['level']!s:<8}  {line['source']!s:<9}  {line['message']}")
    text.stylize(STYLES.get(str(line["level"]), ""))
    say.out.print(text)


def _print_json(line: Document) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)
