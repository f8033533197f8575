"""Costs of this machine: it sends no bill, so use is metered, priced by a sheet, and written as a billing export would be.

`usage/<day>.json` is what was used, `export/<day>.jsonl.gz` the rows made of it; the second can always be made anew from the first.
"""

import asyncio
import gzip
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.costs import CostLine, Window
from aipress.clouds.local import export
from aipress.clouds.local.measures import Measures
from aipress.clouds.local.meter import DayOfUse, Readings, begun, count
from aipress.clouds.pricing import PriceSheet
from aipress.kit.files import write_whole

KEPT_DAYS = 400


class MeteredCosts:
    """Costs by metering, kept in a folder that is the control plane's alone."""

    def __init__(self, folder: Path, measures: Measures, sheet: PriceSheet) -> None:
        self.folder, self.measures, self.sheet = folder, measures, sheet

    async def meter(self, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        readings = await self.measures.take(environments)
        await asyncio.to_thread(self._book, readings, now)

    async def lines(self, query: str, window: Window) -> list[CostLine]:
        files = [
            path for path in sorted((self.folder / "export").glob("*.jsonl.gz")) if _may_hold(path, window)
        ]
        found = await asyncio.to_thread(_ask, query, files, asdict(window))
        return [CostLine(*row) for row in found]  # type: ignore[arg-type]

    def prices(self) -> PriceSheet:
        return self.sheet

    async def shares(self, day: date) -> Mapping[str, Mapping[str, int]]:
        found: defaultdict[str, int] = defaultdict(int)
        known = await asyncio.to_thread(self._usage, day)
        for used in known.used if known else ():
            if used.tenant and used.live:
                found[used.tenant] += used.live
        return {export.MACHINE: dict(found)}

    def _book(self, readings: Readings, now: datetime) -> None:
        last = self._newest() or begun(now)
        days = count(last, readings, now) or [last]
        for day in days:
            write_whole(self._place("usage", day.day), json.dumps(day.as_json()).encode())
        for known in sorted((self.folder / "usage").glob("*.json"))[-2:]:
            if whole := self._usage(date.fromisoformat(known.stem)):
                self._export(whole, now)
        for kind in ("usage", "export"):
            for old in sorted((self.folder / kind).iterdir())[:-KEPT_DAYS]:
                old.unlink()

    def _export(self, day: DayOfUse, now: datetime) -> None:
        """The day's rows, unless they are newer than what they are made of."""
        place, source = self._place("export", day.day), self._place("usage", day.day)
        if place.exists() and place.stat().st_mtime_ns > source.stat().st_mtime_ns:
            return
        rows = "".join(json.dumps(row) + "\n" for row in export.rows_of(day, self.sheet, now))
        write_whole(place, gzip.compress(rows.encode(), 6))

    def _newest(self) -> DayOfUse | None:
        days = sorted((self.folder / "usage").glob("*.json"))
        return self._usage(date.fromisoformat(days[-1].stem)) if days else None

    def _usage(self, day: date) -> DayOfUse | None:
        try:
            return DayOfUse.from_json(json.loads(self._place("usage", day).read_bytes()))
        except FileNotFoundError:
            return None

    def _place(self, kind: str, day: date) -> Path:
        return self.folder / kind / f"{day}.{'json' if kind == 'usage' else 'jsonl.gz'}"


def _may_hold(path: Path, window: Window) -> bool:
    """Whether rows of this day's file are wanted. None was exported after its file was written."""
    day = date.fromisoformat(path.name.partition(".")[0])
    return window.first <= day <= window.last or path.stat().st_mtime >= window.exported_since.timestamp()


def _ask(query: str, files: Sequence[Path], told: Mapping[str, date]) -> list[tuple[object, ...]]:
    # DuckDB takes longer to load than the control plane should to start.
    from aipress.clouds.local import warehouse

    return [(*row[:-1], _utc(row[-1])) for row in warehouse.ask(query, files, told)]


def _utc(moment: object) -> object:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
