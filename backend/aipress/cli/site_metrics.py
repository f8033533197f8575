"""`aipress sites metrics NAME`: what a site did and used, as the control plane measured it; nothing is computed here."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document
from aipress.cli.trouble import REFUSED, Trouble

LENGTH = re.compile(r"(\d{1,4})([mhdw])")
SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
BARS, WIDTH = "▁▂▃▄▅▆▇█", 48


def metrics(  # noqa: PLR0913
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this one, such as requests; may be said several times."),
    ] = None,
    since: Annotated[str, typer.Option(metavar="LENGTH", help="How far back: 90m, 24h, 7d, 4w.")] = "24h",
    step: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="How long a step is; otherwise one that can be read.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """What a site did and used: requests, errors, response times, memory, database and more, over time."""
    from aipress.cli.client import Api

    begin = datetime.now(UTC) - timedelta(seconds=_seconds(since))
    asked = {"since": begin.isoformat(timespec="seconds")}
    if metric:
        asked["metric"] = ",".join(metric)
    if step:
        asked["step"] = f"{_seconds(step)}"
    told = Api(find(data)).get(f"/tenants/{quote(site, safe='')}/metrics", **asked)
    if as_json:
        say.document(told)
        return
    _show(told)


def _show(told: Document) -> None:
    from aipress.kit.amounts import said

    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for header in ("Metric", "Over all", "Highest", "Newest"):
        table.add_column(header, justify="left" if header == "Metric" else "right", no_wrap=True)
    table.add_column(f"From {told['since']} to {told['until']}")
    for one in cast(list[Document], told["items"]):
        points = [value for _, value in cast(list[tuple[int, float | None]], one["points"])]
        measured = [value for value in points if value is not None]
        amounts = (one["overall"], max(measured, default=None), measured[-1] if measured else None)
        unit = str(one["unit"])
        cells = [said(cast(float, amount), unit) if amount is not None else "–" for amount in amounts]
        table.add_row(say.cell(one["label"]), *cells, sparkline(points))
    say.out.print(table)
    say.note("– and gaps: nothing was measured. --json has every value.")


def sparkline(values: Sequence[float | None]) -> str:
    """The values as bars from zero to their highest, the highest of each part where there are too many; gaps stay gaps."""
    parts = [values[n * len(values) // WIDTH : (n + 1) * len(values) // WIDTH] for n in range(WIDTH)]
    columns = parts if len(values) > WIDTH else [[value] for value in values]
    tops = [max((value for value in part if value is not None), default=None) for part in columns]
    highest = max((top for top in tops if top is not None), default=0)
    return "".join(" " if top is None else BARS[_height(top, highest)] for top in tops)


def _height(value: float, highest: float) -> int:
    return min(len(BARS) - 1, int(value / highest * len(BARS))) if highest > 0 else 0


def _seconds(told: str) -> int:
    shaped = LENGTH.fullmatch(told)
    if not shaped or not int(shaped[1]):
        raise Trouble(f"{told!r} is no length of time.", "Say one such as 90m, 24h, 7d or 4w.", REFUSED)
    return int(shaped[1]) * SECONDS[shaped[2]]
