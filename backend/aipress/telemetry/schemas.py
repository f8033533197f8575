"""Metrics as the API takes and shows them."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

MetricNames = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}(,[a-z0-9_]{1,40}){0,19}$")]


class MetricsWanted(BaseModel):
    """Which metrics: `metric` may be said several times or hold several with commas; without, all. Without `since`, the day before
    `until`; without `step` (seconds, whole minutes), one that makes a readable number of points. `environment` is `live`,
    `staging` or an id."""

    model_config = ConfigDict(extra="forbid")

    metric: list[MetricNames] = Field([], max_length=20, examples=[["requests", "latency_p95"]])
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    step: int | None = Field(None, ge=60, le=31 * 86_400, multiple_of=60)
    environment: str = Field("", max_length=40)


class MetricRead(BaseModel):
    """One metric: its unit, what it is over the whole window, and `[Unix time, value]` for the beginning of each step.

    A value is null where nothing was measured; that nothing happened is 0.
    """

    metric: str
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
