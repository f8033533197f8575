"""Answers that are more than words: tables, charts and links, as typed parts of the stream that go to the person's screen.

Figures say for which window they are, as of when, and from which source; a table or a chart without that can't be made.
"""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    model_validator,
)
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

MOST_ROWS, MOST_POINTS, LONGEST = 200, 2000, 200
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
Text = Annotated[str, StringConstraints(max_length=500)]


class Link(BaseModel):
    """A way to a page of the app itself, and to nowhere else."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Words
    path: Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9_-][A-Za-z0-9/_-]*$|^/$", max_length=200)]


class Figures(BaseModel):
    """Something with figures: "last 24 hours, as of 14:03 · control plane"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Words
    window: Words
    as_of: AwareDatetime
    source: Words


class Column(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    header: Words
    align: Literal["left", "right"] = "left"


class Table(Figures):
    """Rows of plain text and links, each with a cell for every column."""

    columns: Annotated[list[Column], Field(min_length=1, max_length=8)]
    rows: Annotated[list[list[Text | Link]], Field(max_length=MOST_ROWS)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row has a cell for every column")
        return self


class Series(BaseModel):
    """Values over time: Unix seconds, later and later, and what was measured then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    points: Annotated[list[tuple[int, FiniteFloat]], Field(min_length=1, max_length=MOST_POINTS)]

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        times = [time for time, _ in self.points]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("each point is later than the one before")
        return self


class Chart(Figures):
    """Series in one unit, and a sentence that says what they show: for whoever does not see them."""

    unit: Annotated[str, StringConstraints(max_length=20)] = ""
    summary: Words
    series: Annotated[list[Series], Field(min_length=1, max_length=4)]


def part(part_id: str, shown: Table | Chart | Link) -> DataChunk:
    """It, as a part of an answer; the same id again replaces it."""
    kind = type(shown).__name__.lower()
    return DataChunk(type=f"data-{kind}", id=part_id, data=shown.model_dump(mode="json"))
