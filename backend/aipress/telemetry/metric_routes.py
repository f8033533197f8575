"""Metrics over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from aipress.auth.door import Caller, InTransaction
from aipress.telemetry import metrics
from aipress.telemetry.schemas import MetricsRead, MetricsWanted
from aipress.tenants import service as tenants

router = APIRouter(tags=["telemetry"])


@router.get("/tenants/{tenant}/metrics")
async def read_metrics(
    tenant: str, session: InTransaction, caller: Caller, wanted: Annotated[MetricsWanted, Query()]
) -> MetricsRead:
    """What a site did and used: requests, errors, latencies, bandwidth, cache, processor time, memory, database and more, each with
    its unit, a value for every step, and one for the whole window."""
    return await metrics.read(await tenants.find(session, caller, tenant), wanted)
