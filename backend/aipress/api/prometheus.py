"""The platform's figures for whoever watches over it, in Prometheus's text format. The busiest sites are named, the rest is one."""

from collections import Counter
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import select

from aipress.api.overview import OverviewRead, read_overview
from aipress.auth.door import InTransaction
from aipress.clouds.each import of_each
from aipress.clouds.metrics import WHOLE, Span
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.tenants.models import Environment, Tenant

router = APIRouter(tags=["health"])

MOST_NAMED = 50
SECONDS = 5.0  # a cloud has to answer in; who scrapes is not patient
OTHERS = "(others)"
OF_SITES = {
    "requests": "Requests of the last hour",
    "errors": "Requests of the last hour that failed",
    "bandwidth": "Bytes sent in the last hour",
    "cpu_seconds": "Processor time of the last hour",
}

Overview = Annotated[OverviewRead, Depends(read_overview)]  # which lets in admins alone


@router.get("/metrics", response_class=PlainTextResponse)
async def read_prometheus_metrics(
    request: Request, session: InTransaction, overview: Overview
) -> PlainTextResponse:
    """The platform's figures in Prometheus's text format: sites and environments by state, operations, plans, workflows, the pool, and
    what the busiest sites did in the last hour. Scrape it with an admin's bearer token."""
    registry = CollectorRegistry()
    _of_platform(registry, overview)
    _one(registry, "pool_environments", "Environments that are prepared and nobody's", await _pooled(session))
    await _of_sites(registry, session)
    return PlainTextResponse(generate_latest(registry))


def _of_platform(registry: CollectorRegistry, overview: OverviewRead) -> None:
    _by(registry, "sites", "Sites by state", "state", overview.sites.model_dump())
    _by(registry, "users", "People by state", "state", overview.users.model_dump())
    operations = overview.operations
    _one(registry, "operations_running", "Operations that have not ended", operations.running)
    _one(registry, "operations_stuck", "Operations that should have ended, at most 50", len(operations.stuck))
    failed = sum(hour.count for hour in operations.failures)
    _one(registry, "operations_failed_last_day", "Operations that failed in 24 hours", failed)
    _one(registry, "plans_waiting", "Plans that wait for somebody's yes", overview.plans_waiting)
    _one(registry, "workflows_stranded", "Workflows that do not go on by themselves", len(overview.stranded))
    _one(registry, "parts_lost", "Parts of sites that are gone", len(overview.lost))
    if runtime := overview.runtime:
        states = {"awake": runtime.awake, "asleep": runtime.asleep}
        _by(registry, "environments", "Environments by state", "state", states)
        _one(registry, "hostd_memory_bytes", "Memory it takes to watch over them", runtime.memory_kb * 1024)


async def _of_sites(registry: CollectorRegistry, session: Session) -> None:
    """What sites did in the last hour; how many are named is bounded."""
    until = clock.now()
    span = Span(until - timedelta(hours=1), until, WHOLE)
    told = await of_each("totals", lambda cloud: cloud.metrics.totals(list(OF_SITES), span), SECONDS)
    totals = {id: figures for of_cloud in told.values() for id, figures in of_cloud.items()}
    slugs = select(Environment.id, Tenant.slug).join(Tenant, Environment.tenant_id == Tenant.id)
    site_of = dict((await session.execute(slugs.where(Tenant.state != "removed"))).all())
    busiest = sorted(totals, key=lambda id: (-totals[id]["requests"], id))
    named = {id: site_of[id] for id in [id for id in busiest if id in site_of][:MOST_NAMED]}
    for metric, words in OF_SITES.items():
        sums: Counter[str] = Counter()
        for id in site_of.keys() & totals.keys():
            sums[named.get(id, OTHERS)] += totals[id][metric]  # type: ignore[assignment]
        _by(registry, f"site_{metric}_last_hour", words, "site", sums)


async def _pooled(session: Session) -> int:
    return len((await session.scalars(select(Environment.id).where(Environment.state == "pooled"))).all())


def _one(registry: CollectorRegistry, name: str, words: str, value: float) -> None:
    Gauge(f"aipress_{name}", words, registry=registry).set(value)


def _by(
    registry: CollectorRegistry, name: str, words: str, label: str, values: "dict[str, int] | Counter[str]"
) -> None:
    gauge = Gauge(f"aipress_{name}", words, [label], registry=registry)
    for key, value in sorted(values.items()):
        gauge.labels(key).set(value)
