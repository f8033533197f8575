"""What people ask of alerts: see them, say that one was seen, and how an admin wishes to hear of them."""

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import select

from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.errors import NotAllowed, NotFound
from aipress.kit import clock, paging
from aipress.kit.db import Session
from aipress.kit.paging import Page
from aipress.telemetry.alerts import deliveries, pace
from aipress.telemetry.alerts.models import Alert, AlertDelivery, AlertSettings, visible_to
from aipress.telemetry.alerts.rules import RULES
from aipress.telemetry.alerts.schemas import (
    AcknowledgementRead,
    AlertRead,
    AlertSettingsRead,
    AlertSettingsWrite,
    AlertSite,
    AlertsWanted,
    RuleRead,
    WebhookRead,
)
from aipress.tenants import models as tenants
from aipress.tenants.models import Tenant


async def listed(
    session: Session, principal: Principal, wanted: AlertsWanted, site: Tenant | None = None
) -> Page[AlertRead]:
    """Newest first: of everything the caller may see, or of one site."""
    query = visible_to(principal)
    if site is not None:
        query = query.where(Alert.tenant_id == site.id)
    if wanted.state is not None:
        query = query.where(Alert.state == wanted.state)
    page = paging.Slice(wanted.limit, wanted.cursor)
    rows, after = await paging.fetch(session, query, Alert.id, page)
    return Page(items=await _shown(session, principal, rows), next_cursor=after)


async def acknowledge(session: Session, principal: Principal, alert_id: str) -> AlertRead:
    """Note that somebody has seen it, the first time that is said. Raises NotFound."""
    alert = await session.scalar(visible_to(principal).where(Alert.id == alert_id).with_for_update())
    if alert is None:
        raise NotFound("There is no such alert.")
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by_email = clock.now(), principal.email
        record(
            session, principal, "ACKNOWLEDGE_ALERT", alert.tenant_id or "", alert=alert.id, kind=alert.kind
        )
    return (await _shown(session, principal, [alert]))[0]


def rules() -> list[RuleRead]:
    """Everything that is watched, and what is not measured yet."""
    return [
        RuleRead(
            kind=one.kind,
            title=one.title,
            unit=one.unit,
            bad=one.bounds.bad,
            good=one.bounds.good,
            opens_after_minutes=pace.bounds_of(one).opens_after,
            closes_after_minutes=one.bounds.closes_after,
            measured=one.is_measured,
        )
        for one in RULES.values()
    ]


async def settings_of(session: Session, principal: Principal) -> AlertSettingsRead:
    """How this admin hears of alerts; by mail alone, until they say otherwise."""
    wish = await session.get(AlertSettings, _admin(principal))
    if wish is None:
        return AlertSettingsRead(by_mail=True, webhook=None)
    hook = WebhookRead(host=wish.webhook_host, trouble=await _trouble(session, wish))
    return AlertSettingsRead(by_mail=wish.by_mail, webhook=hook if wish.webhook_sealed else None)


async def set_settings(session: Session, principal: Principal, wish: AlertSettingsWrite) -> None:
    """Let this admin hear of alerts like that. Raises Invalid for an address nothing is ever posted to."""
    carriers, user_id = deliveries.carriers(), _admin(principal)
    kept = await session.get(AlertSettings, user_id, with_for_update=True)
    kept = kept or AlertSettings(user_id=user_id, webhook_host="", webhook_sealed="")
    kept.by_mail = wish.by_mail
    if "webhook" in wish.model_fields_set:
        kept.webhook_host, kept.webhook_sealed = "", ""
    if wish.webhook is not None:
        carriers.poster.check(wish.webhook.url)
        kept.webhook_host = str(urlsplit(wish.webhook.url).hostname)[:254]
        kept.webhook_sealed = carriers.seal.seal(user_id, json.dumps(wish.webhook.model_dump()))
    session.add(kept)
    how = {"by_mail": str(wish.by_mail).lower(), "webhook": kept.webhook_host or "none"}
    record(session, principal, "SET_ALERT_SETTINGS", user_id, **how)


def _admin(principal: Principal) -> str:
    if principal.kind == "operator":
        raise NotAllowed("These are each admin's own. Sign in as one: ./aipress up prints a link.")
    return principal.id


async def _trouble(session: Session, wish: AlertSettings) -> str | None:
    """Why the newest message to this webhook that was tried did not arrive."""
    tried = select(AlertDelivery.trouble).where(
        AlertDelivery.channel == "webhook",
        AlertDelivery.target == wish.user_id,
        AlertDelivery.attempts > 0,
    )
    return await session.scalar(tried.order_by(AlertDelivery.id.desc()).limit(1)) or None


async def _shown(session: Session, principal: Principal, alerts: Sequence[Alert]) -> list[AlertRead]:
    mine = tenants.visible_to(principal).where(Tenant.id.in_({one.tenant_id for one in alerts}))
    sites = {site.id: site for site in await session.scalars(mine)}
    return [_read(one, sites.get(one.tenant_id or "")) for one in alerts]


def _read(alert: Alert, site: Tenant | None) -> AlertRead:
    rule, seen_at = alert.rule, alert.acknowledged_at
    return AlertRead(
        id=alert.id,
        kind=rule.kind,
        title=rule.title,
        text=rule.sentence(alert.value if alert.state == "open" else alert.worst),
        tenant=AlertSite(id=site.id, slug=site.slug, name=site.name) if site else None,
        environment=alert.environment_id if site else None,
        state=alert.state,
        value=alert.value,
        worst=alert.worst,
        bound=rule.bounds.bad,
        unit=rule.unit,
        opened_at=alert.opened_at,
        closed_at=alert.closed_at,
        acknowledged=AcknowledgementRead(at=seen_at, by_email=alert.acknowledged_by_email)
        if seen_at
        else None,
    )
