"""Logs and metrics as the API takes and shows them."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from aipress.clouds.logs import Level, Source, Value
from aipress.kit.paging import Page
from aipress.telemetry.moments import Moment

MOST_ASKED = 500  # lines in one answer
SOURCES = r"(access|php|wordpress|slow|cron|mail|platform)"
Sources = Annotated[str, StringConstraints(pattern=rf"^{SOURCES}(,{SOURCES}){{0,6}}$")]
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
RequestId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9A-Za-z_-]*$")]
LineId = Annotated[str, StringConstraints(max_length=120, pattern=r"^[0-9A-Za-z._:-]*$")]
MetricNames = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}(,[a-z0-9_]{1,40}){0,19}$")]


class Wanted(BaseModel):
    """Which lines: `source` may be said several times or hold several with commas; `level` is that one and worse; `q` is found as
    it stands, whatever its case; `environment` is `live`, `staging` or an id."""

    model_config = ConfigDict(extra="forbid")

    source: list[Sources] = Field([], max_length=7, examples=[["php", "wordpress"]])
    level: Level = "debug"
    q: Text = ""
    environment: str = Field("", max_length=40)
    request_id: RequestId = ""

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(one for said in self.source for one in said.split(","))


class Window(Wanted):
    """Which lines, and from when until when. Without `since`, the hour before `until`; what belongs to one request is looked for
    in the week before it."""

    since: Moment | None = None
    until: Moment | None = None


class Sought(Window):
    """Which lines, from when until when, and which page of them."""

    limit: int = Field(100, ge=1, le=MOST_ASKED)
    cursor: LineId = ""


class LogLineRead(BaseModel):
    """One line. What is in `fields` depends on its source; lines of the same request share `request_id`."""

    id: str
    time: datetime
    environment: str
    source: Source
    level: Level
    message: str
    request_id: str | None
    fields: dict[str, Value]


class LogPage(Page[LogLineRead]):
    """Lines, newest first, and the window they were looked for in."""

    since: datetime
    until: datetime


class LogCount(BaseModel):
    """How many lines of a level there are in the step that begins at `time`; steps without any are left out."""

    time: datetime
    level: Level
    count: int


class LogCounts(BaseModel):
    """How many lines fit, by time and level, oldest first. `since` and `until` are the window, `step_seconds` how long a step is."""

    since: datetime
    until: datetime
    step_seconds: int
    items: list[LogCount]


class LogUsageRead(BaseModel):
    """What a site's logs take on disk, what they may, and how many lines were refused since they last had room."""

    stored_bytes: int
    quota_bytes: int
    refused_lines: int


class MetricsWanted(BaseModel):
    """Which metrics: `metric` may be said several times or hold several with commas; without, all. Without `since`, the day before
    `until`; without `step` (seconds, whole minutes), one that makes a readable number of points. `environment` is `live`,
    `staging` or an id."""

    model_config = ConfigDict(extra="forbid")

    metric: list[MetricNames] = Field([], max_length=20, examples=[["requests", "latency_p95"]])
    since: Moment | None = None
    until: Moment | None = None
    step: int | None = Field(None, ge=60, le=31 * 86_400, multiple_of=60)
    environment: str = Field("", max_length=40)


class MetricRead(BaseModel):
    """One metric: what people call it, its unit, what it is over the whole window, and `[Unix time, value]` for the beginning of
    each step.

    A value is null where nothing was measured; that nothing happened is 0.
    """

    metric: str
    label: str
    unit: str
    overall: float | None
    points: list[tuple[int, float | None]]


class MetricsRead(BaseModel):
    """Metrics of one environment over a window. What is older than two days is kept in longer steps, and answers in them."""

    environment: str
    since: datetime
    until: datetime
    step_seconds: int
    items: list[MetricRead]
