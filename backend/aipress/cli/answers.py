"""What an answer shows besides its words, as text: tables, charts as tables of their numbers, links, and lines that others wrote."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from rich.table import Table

from aipress.cli import say
from aipress.cli.client import Api
from aipress.cli.say import Document

MOST_POINTS = 20  # of a chart, the latest: more is for a screen that can draw
MOST_LINES = 20  # of what others wrote, the newest


def show_table(_: Api, card: Document, quiet: bool) -> None:
    """The table, its title above it and its source below."""
    if quiet:
        return
    columns = cast(list[dict[str, Any]], card["columns"])
    rows = [[_text(cell) for cell in row] for row in cast(list[list[Any]], card["rows"])]
    _print(card, [(str(one["header"]), one["align"] == "right") for one in columns], rows)


def show_chart(_: Api, card: Document, quiet: bool) -> None:
    """What the chart says, and its latest numbers."""
    if quiet:
        return
    series = cast(list[dict[str, Any]], card["series"])
    values = [dict(one["points"]) for one in series]
    times = sorted({time for one in values for time in one})[-MOST_POINTS:]
    unit = f", {card['unit']}" if card.get("unit") else ""
    columns = [("Time", False), *((f"{one['name']}{unit}", True) for one in series)]
    say.line(str(card["summary"]))
    _print(card, columns, [[_moment(time), *(_number(one.get(time)) for one in values)] for time in times])


def show_link(api: Api, card: Document, quiet: bool) -> None:
    """Where the page is."""
    if not quiet:
        say.line(f"{card['label']}: {api.app}{card['path']}")


def show_lines(_: Api, card: Document, quiet: bool) -> None:
    """What others wrote, the newest last, as they wrote it: nothing in it is obeyed by a terminal."""
    if quiet:
        return
    lines = cast(list[dict[str, Any]], card["lines"])
    for line in reversed(lines[:MOST_LINES]):
        often = f" ({line['count']} times)" if int(line["count"]) > 1 else ""
        at = datetime.fromisoformat(str(line["at"])).astimezone() if line.get("at") else None
        say.out.print(say.cell(f"  {f'{at:%Y-%m-%d %H:%M:%S}  ' if at else ''}{line['text']}{often}"))
    if len(lines) > MOST_LINES:
        say.note(f"  and {len(lines) - MOST_LINES} more before that")


def caption(card: Document) -> str:
    """For which window its figures are, as of when, and where they are from."""
    as_of = datetime.fromisoformat(str(card["as_of"])).astimezone()
    return f"{card['window']}, as of {as_of:%Y-%m-%d %H:%M} · {card['source']}"


def _print(card: Document, columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for header, is_right in columns:
        table.add_column(say.cell(header), justify="right" if is_right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(say.cell(one) for one in row))
    say.line(str(card["title"]))
    say.out.print(table)
    say.line(caption(card))


def _text(cell: object) -> str:
    return str(cell["label"]) if isinstance(cell, dict) else str(cell)


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone():%Y-%m-%d %H:%M}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,g}"
