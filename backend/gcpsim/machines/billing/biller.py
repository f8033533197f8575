"""Writes the bill: each hour that is over, and up to any minute when somebody asks for it.

The rows go into every table of the warehouse that is called like Google's export. While there is none, nothing is billed and nothing lost.
"""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gcpsim.errors import Refused, invalid
from gcpsim.machines.billing.meter import HOUR, METERS, Lived, Window, born, kind_of, used_in
from gcpsim.machines.billing.rows import PREFIX, row_of, schema
from gcpsim.semantics.bigquery_rows import add, fields_of, prepare
from gcpsim.semantics.bigquery_values import row_of as fitted
from gcpsim.semantics.storage_written import look
from gcpsim.store import Resource
from gcpsim.warehouse import Table
from gcpsim.wire import Json
from gcpsim.world import World

MINUTE = 60
TICK = 1.0
"""Seconds between two looks at the clock."""
KINDS = {*METERS, "secretmanager/secrets", "run/revisions"}


class Biller:
    """Remembers until when it has billed, and what went since then; looks at the clock every so many seconds."""

    def __init__(self, folder: Path, every: float = TICK) -> None:
        self._file, self._every = folder / "billing.json", every
        self._stopping = threading.Event()

    def begin(self, world: World) -> None:
        """Go on where an earlier run ended; time in which the simulator was not there counts as well."""
        self.world = world
        told = json.loads(self._file.read_text()) if self._file.exists() else {}
        self.until = float(told.get("until", world.clock.now() // HOUR * HOUR))
        self._gone = [Lived(Resource(**one), at) for one, at in told.get("gone", [])]
        world.store.leaves = self._leaves
        world.bill = self.bill
        self._ticking = threading.Thread(target=self._tick, daemon=True)
        self._ticking.start()

    def end(self) -> None:
        """No more."""
        self._stopping.set()
        self._ticking.join()

    def bill(self, asked: Json) -> Json:
        """Bill up to `until` (a time, by default now; cut to the minute). `table` (`project.dataset.table`) is made if it is not there."""
        if name := asked.get("table"):
            self._make(str(name))
        now = self.world.clock.now()
        until = datetime.fromisoformat(str(asked["until"])).timestamp() if "until" in asked else now
        if until > now:
            raise invalid("until", "What is to come is not billed.")
        if not self._tables():
            raise Refused(404, f"There is no table whose name begins with {PREFIX}.")
        return {"rows": self._bill(until // MINUTE * MINUTE), "until": self.until}

    def _tick(self) -> None:
        while not self._stopping.wait(self._every):
            with self.world.turn:
                hour = self.world.clock.now() // HOUR * HOUR
                if hour > self.until and self._tables():
                    self._bill_by_itself(hour)

    def _bill_by_itself(self, hour: float) -> None:
        try:
            self._bill(hour)
        except Exception:  # whatever it was: the next look tries again, and the simulator goes on
            logging.getLogger(__name__).exception("The bill was not written.")

    def _bill(self, until: float) -> int:
        """Write the rows of all that is not billed yet, an hour at a time; returns how many."""
        for bucket in self.world.store.kind("storage", "b"):
            look(self.world, bucket.id)
        rows: list[Json] = []
        start = self.until
        while start < until:
            window = Window(start, min(until, start // HOUR * HOUR + HOUR))
            used = [one for one in used_in(self.world, self._things(), window) if one.amount > 0]
            rows += [row_of(one, window, self.world.clock.now()) for one in used]
            start = window.end
        for table, resource in self._tables():
            fields = fields_of(resource)
            add(self.world, table, fields, [fitted(fields, row, lax=True) for row in rows])
        self.until = max(start, self.until)
        self._gone = [one for one in self._gone if (one.until or 0) > self.until]
        self._keep()
        return len(rows)

    def _things(self) -> Iterator[Lived]:
        for kind in sorted(KINDS):
            yield from map(Lived, self.world.store.kind(*kind.split("/")))
        for gone in self._gone:
            there = self.world.store.get(gone.resource.key)
            if there is None or born(there) != born(gone.resource):  # else it was brought back
                yield gone

    def _leaves(self, one: Resource, at: float) -> None:
        if kind_of(one.key) in KINDS and not one.supposed:
            self._gone.append(Lived(Resource(one.key, one.content), at))
            self._keep()

    def _tables(self) -> list[tuple[Table, Resource]]:
        tables = [one for one in self.world.store.kind("bigquery", "tables") if one.id.startswith(PREFIX)]
        return [(Table(*one.key.split("/")[2::2]), one) for one in tables]

    def _make(self, name: str) -> None:
        parts = name.split(".")
        if len(parts) != 3 or not parts[2].startswith(PREFIX):
            raise invalid("table", f"A table is 'project.dataset.{PREFIX}ACCOUNT'.")
        table = Table(*parts)
        dataset = f"bigquery/projects/{table.project}/datasets/{table.dataset}"
        if self.world.store.get(dataset) is None:
            reference = {"projectId": table.project, "datasetId": table.dataset}
            self.world.store.put(
                dataset,
                {
                    "kind": "bigquery#dataset",
                    "id": f"{table.project}:{table.dataset}",
                    "datasetReference": reference,
                    "location": "US",
                },
            )
        prepare(self.world, table, {}, schema())

    def _keep(self) -> None:
        told = {"until": self.until, "gone": [[vars(one.resource), one.until] for one in self._gone]}
        coming = self._file.with_suffix(".coming")
        coming.touch(mode=0o600)
        coming.write_text(json.dumps(told))
        coming.rename(self._file)
