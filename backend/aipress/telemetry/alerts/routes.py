"""Alerts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from aipress.auth.door import Admin, Caller, InTransaction, Person
from aipress.kit.paging import Page
from aipress.telemetry.alerts import service
from aipress.telemetry.alerts.schemas import (
    AlertRead,
    AlertSettingsRead,
    AlertSettingsWrite,
    AlertsWanted,
    RulesRead,
)
from aipress.tenants import service as tenants

router = APIRouter(tags=["alerts"])


@router.get("/tenants/{tenant}/alerts")
async def list_alerts_of_site(
    tenant: str, session: InTransaction, caller: Caller, wanted: Annotated[AlertsWanted, Query()]
) -> Page[AlertRead]:
    """What is or was wrong with a site, newest first."""
    site = await tenants.find(session, caller, tenant)
    return await service.listed(session, caller, wanted, site)


@router.get("/alerts")
async def list_alerts(
    session: InTransaction, caller: Admin, wanted: Annotated[AlertsWanted, Query()]
) -> Page[AlertRead]:
    """What is or was wrong with any site, or with the machine, newest first."""
    return await service.listed(session, caller, wanted)


@router.put("/alerts/{alert_id}/acknowledgement")
async def acknowledge_alert(alert_id: str, session: InTransaction, caller: Person) -> AlertRead:
    """Say that it was seen: no more mail is sent of it. It closes by itself when things are well again."""
    return await service.acknowledge(session, caller, alert_id)


@router.get("/alert-rules")
async def list_alert_rules(_: Caller) -> RulesRead:
    """What is watched, and from when on it is an alert; and what is not measured yet."""
    return RulesRead(items=service.rules())


@router.get("/alert-settings")
async def read_alert_settings(session: InTransaction, caller: Admin) -> AlertSettingsRead:
    """How the calling admin hears of alerts."""
    return await service.settings_of(session, caller)


@router.put("/alert-settings")
async def set_alert_settings(
    wish: AlertSettingsWrite, session: InTransaction, caller: Admin
) -> AlertSettingsRead:
    """Change how the calling admin hears of alerts. A webhook is posted every alert as it opens and closes, signed:
    `AIPress-Signature: t=<time>,v1=<HMAC-SHA256 of "<time>.<body>">`; `AIPress-Delivery` is the same when a message comes again."""
    await service.set_settings(session, caller, wish)
    return await service.settings_of(session, caller)
