"""Costs on Google Cloud: Google counts by itself and exports its bill to BigQuery, which is asked what each tenant's day cost."""

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.costs import CostLine, Window
from aipress.clouds.gcp import bigquery
from aipress.clouds.gcp.bigquery import Table
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.price_sheet import price_sheet
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable
from aipress.clouds.gcp.shared_use import SharedUse
from aipress.clouds.pricing import PriceSheet
from aipress.errors import CloudBusy, CloudRefused

COLUMNS = [one.name for one in fields(CostLine)]
MOST_BYTES = 50 * 2**30  # that one question may read; at 6.25 USD a TiB some 31 cents
MOST_ANSWERS = 1000  # pages, or times to ask whether there is an answer


class TooMuchToRead(CloudRefused):
    """The bill has grown beyond what one question should cost."""

    code, title = "cloud_too_much", "That would read too much of the bill"


class ExportedCosts:
    """What Google exported into the platform's `billing_table`."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where = google, where
        self.shared, self.sheet = SharedUse(google, where), price_sheet()

    async def meter(self, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        """Google counts by itself."""

    async def lines(self, query: str, window: Window) -> list[CostLine]:
        """Raises TooMuchToRead before anything is read that would cost too much; Gone while there is no export."""
        table = Table.named(self.where.platform.billing_table)
        asked = bigquery.question(table, query, asdict(window), MOST_BYTES, secrets.token_hex(16))
        await self._check_size(bigquery.dry(asked))
        return [line async for answer in self._answers(asked, table.project) for line in _lines(answer)]

    async def shares(self, day: date) -> Mapping[str, Mapping[str, int]]:
        return await self.shared.of(day)

    def prices(self) -> PriceSheet:
        return self.sheet

    async def _check_size(self, dry: Resource) -> None:
        read = int(str((await self.google.ask(dry)).get("totalBytesProcessed", "0")))
        if read > MOST_BYTES:
            raise TooMuchToRead(
                f"The question for costs would read {read / 2**30:,.0f} GiB of {dry.name}, and {MOST_BYTES // 2**30} GiB is where we stop. "
                "Nothing was read; let old partitions of the export expire, or move them to another table."
            )

    async def _answers(self, asked: Resource, project: str) -> AsyncIterator[Json]:
        """Page by page, once there is an answer."""
        for _ in range(MOST_ANSWERS):
            answer = await self.google.ask(asked)
            if answer.get("jobComplete") is not False:
                yield answer
            following = bigquery.next_page(answer, project)
            if following is None:
                return
            asked = following
        raise CloudBusy("BigQuery has no whole answer yet; ask again.")


def _lines(answer: Json) -> Iterator[CostLine]:
    """A page as lines. Raises Unbuildable where the columns are not a line's."""
    if [name for name, _ in bigquery.columns(answer)] != COLUMNS:
        raise Unbuildable("The query for costs has other columns than a line of costs.")
    for row in bigquery.rows(answer):
        yield CostLine(*row)  # type: ignore[arg-type]
