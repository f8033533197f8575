"""What each action is told: one small model per shape, the words of every surface (chat, buttons, CLI, MCP).

`tenant` is a slug, durations are ISO 8601 (`PT1H`, `P7D`), moments RFC 3339, months `YYYY-MM`.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from aipress.config import CloudName

TIERS = ("basic", "standard", "performance")
FREE_TIER = "basic"

Slug = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, max_length=63, pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
    ),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Looked = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
RequestId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
Domain = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=253,
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$",
    ),
]
_AMOUNTS = r"(\d+W(\d+D)?(T{time})?|\d+D(T{time})?|T{time})".replace(
    "{time}", r"(\d+H(\d+M)?(\d+S)?|\d+M(\d+S)?|\d+S)"
)
Duration = Annotated[str, StringConstraints(pattern=rf"^P{_AMOUNTS}$")]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]

TierName = Literal["basic", "standard", "performance"]
Level = Literal["debug", "info", "notice", "warning", "error", "critical"]
Source = Literal["access", "php", "wordpress", "slow", "cron", "mail", "platform"]
Metric = Literal[
    "requests",
    "errors",
    "latency_p50",
    "latency_p95",
    "latency_p99",
    "cache_hit_ratio",
    "bandwidth",
    "cpu_seconds",
    "memory_bytes",
    "instances",
    "cold_starts",
    "db_time",
    "db_connections",
    "slow_queries",
    "redis_bytes",
    "disk_bytes",
    "cron_lag",
]


class Arguments(BaseModel):
    """What an action is told; a word it does not know is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Arguments):
    """No arguments."""


class NewSite(Arguments):
    name: Text = Field(description="what the site is called, as the person wrote it")
    tier: TierName | None = Field(None, description="its size; basic is free and the default")
    bundle: Text | None = Field(None, description="a ready-made set of plugins and settings to start with")


class OneSite(Arguments):
    tenant: Slug = Field(description="the site's slug")


class MaybeOneSite(Arguments):
    tenant: Slug | None = Field(None, description="the site's slug; without it, all of the caller's sites")


class NewName(OneSite):
    name: Text = Field(description="the new name, as the person wrote it")


class WhichOperation(Arguments):
    operation: Text | None = Field(None, description="the operation's id; without it, the last thing done")


class WhichLogs(OneSite):
    level: Level | None = Field(None, description="the least serious level to show")
    source: Source | None = Field(None, description="whose log")
    q: Looked | None = Field(None, description="text to look for, as it stands")
    since: Duration | None = Field(
        None, description="how far back, as an ISO 8601 duration; without it a day for errors, else an hour"
    )
    around: AwareDatetime | None = Field(
        None,
        description="a moment, as RFC 3339: what was written in the quarter of an hour before and after it",
    )
    request: RequestId | None = Field(None, description="a request's id: everything that belongs to it")


class WhichMetric(OneSite):
    metric: Metric = Field(description="what is measured")
    since: Duration | None = Field(None, description="how far back, as an ISO 8601 duration")


class WhichBill(MaybeOneSite):
    month: Month | None = Field(None, description="the month, as YYYY-MM; without it, the current one")


class NewBackup(OneSite):
    label: Text | None = Field(None, description="a note to find it by")


class WhichBackup(OneSite):
    backup: Text = Field(description="a backup's id, or `latest`")


class SiteAndDomain(OneSite):
    domain: Domain = Field(description="a host name such as www.example.com")


class NewTier(OneSite):
    tier: TierName = Field(
        description="the size to change to; what it has already, where only something else changes"
    )
    min_instances: Annotated[int, Field(ge=0, le=1000)] | None = Field(
        None, description="how many of its instances never sleep, where its cloud has that"
    )
    max_instances: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None, description="how many instances it may have at most, where its cloud has that"
    )
    concurrency: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None, description="how many requests one instance takes at once, where its cloud has that"
    )
    media: Literal["disk", "bucket"] | None = Field(None, description="where uploads are kept")


class NewPlace(OneSite):
    to: CloudName = Field(description="the cloud to move to: `local` is this machine, `gcp` Google Cloud")


class WhichBundle(OneSite):
    bundle: Text = Field(description="the bundle's name")


class WhatToPurge(OneSite):
    path: Annotated[str, StringConstraints(pattern=r"^/\S*$", max_length=2000)] | None = Field(
        None, description="one path such as /menu/; without it, the whole site"
    )
