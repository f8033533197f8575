"""What is to be sent of alerts: written down in the transaction that opens or closes one, then sent, each message once.

A message is claimed before it is sent, by moving on when it is tried next: so two processes don't send it, and one that dies is
followed later. Mail has its id from the beginning, so the same message again is the same; a webhook's receiver tells by its id.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from aipress.auth.principal import Role
from aipress.kit import clock, ids, logs
from aipress.kit.db import Database, Session
from aipress.kit.mail import Mail, Outbox
from aipress.kit.sealed import Unreadable
from aipress.kit.sealed_text import TextSeal
from aipress.telemetry.alerts.models import Alert, AlertDelivery, AlertSettings
from aipress.telemetry.alerts.steadiness import Turn
from aipress.telemetry.alerts.webhooks import NotDelivered, Poster
from aipress.tenants.models import Tenant
from aipress.users.models import User

log = logs.get()
# After each try, how long until the next; after the last, none.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
AT_ONCE = 100


@dataclass(frozen=True)
class Carriers:
    """How messages leave: mail, webhooks and what opens their secrets, and the address of the app they point to."""

    outbox: Outbox
    poster: Poster
    seal: TextSeal
    base_url: str


_carriers: list[Carriers] = []


def use(carriers: Carriers) -> None:
    """How messages of this process leave."""
    _carriers[:] = [carriers]


def carriers() -> Carriers:
    """A LookupError means that start-up forgot `use`."""
    if not _carriers:
        raise LookupError("nothing carries messages: call deliveries.use() at start")
    return _carriers[0]


async def write(session: Session, alert: Alert, turn: Turn) -> None:
    """Note everything that is to be sent of it. Who acknowledged an alert gets no more mail of it."""
    site = await session.get(Tenant, alert.tenant_id) if alert.tenant_id else None
    admins = await _admins(session)
    told = _told(alert, turn, site, carriers().base_url)
    if alert.acknowledged_at is None:
        mail = _mail(alert, turn, site, told)
        for address in [site.owner_email] if site else [one.email for one, wish in admins if _by_mail(wish)]:
            session.add(_delivery(alert, "mail", address, mail))
    for admin, wish in admins:
        if wish and wish.webhook_sealed:
            session.add(_delivery(alert, "webhook", admin.id, told))


async def send_due(rows: Database) -> int:
    """Send what is due; how many arrived."""
    async with rows.reading() as session:
        due = select(AlertDelivery.id).where(
            AlertDelivery.state == "pending", AlertDelivery.next_at <= clock.now()
        )
        found = (await session.scalars(due.order_by(AlertDelivery.id).limit(AT_ONCE))).all()
    return sum([await _send(rows, one) for one in found])


async def _send(rows: Database, delivery_id: str) -> bool:
    claimed = await _claim(rows, delivery_id)
    if claimed is None:
        return False
    trouble = ""
    try:
        await _carry(rows, claimed)
    except (NotDelivered, OSError, Unreadable) as error:
        trouble = str(error) or type(error).__name__
        log.warning("an alert's message did not arrive", delivery=delivery_id, why=trouble)
    async with rows.transaction() as session:
        delivery = await session.get_one(AlertDelivery, delivery_id)
        delivery.trouble = trouble[:200]
        if not trouble:
            delivery.state = "sent"
        elif delivery.attempts > len(PAUSES):
            delivery.state = "given_up"
    return not trouble


@dataclass(frozen=True)
class _Claimed:
    id: str
    channel: str
    target: str
    message: dict[str, Any]


async def _claim(rows: Database, delivery_id: str) -> _Claimed | None:
    """The message, for whoever is first; nobody else tries it for a while."""
    async with rows.transaction() as session:
        due = select(AlertDelivery).where(
            AlertDelivery.id == delivery_id,
            AlertDelivery.state == "pending",
            AlertDelivery.next_at <= clock.now(),
        )
        one = await session.scalar(due.with_for_update(skip_locked=True))
        if one is None:
            return None
        one.next_at = clock.now() + PAUSES[min(one.attempts, len(PAUSES) - 1)]
        one.attempts += 1
        return _Claimed(one.id, one.channel, one.target, one.message)


async def _carry(rows: Database, one: _Claimed) -> None:
    """Raises NotDelivered, OSError or Unreadable."""
    by = carriers()
    if one.channel == "mail":
        await by.outbox.send(Mail(one.target, **one.message), one.id.replace("dlv_", "mail_", 1))
        return
    async with rows.reading() as session:
        wish = await session.get(AlertSettings, one.target)
    if wish is None or not wish.webhook_sealed:
        raise NotDelivered("There is no webhook any more.")
    hook = json.loads(by.seal.open(one.target, wish.webhook_sealed))
    body = json.dumps({"id": one.id, **one.message}, ensure_ascii=False, sort_keys=True).encode()
    await by.poster.post(hook["url"], body, one.id, hook["secret"])


async def _admins(session: Session) -> Sequence[tuple[User, AlertSettings | None]]:
    wanted = select(User, AlertSettings).outerjoin(AlertSettings, AlertSettings.user_id == User.id)
    active = wanted.where(User.role == Role.ADMIN.value, User.state == "active").order_by(User.id)
    return [(user, wish) for user, wish in await session.execute(active)]


def _by_mail(wish: AlertSettings | None) -> bool:
    return wish is None or wish.by_mail


def _delivery(alert: Alert, channel: Any, target: str, message: dict[str, Any]) -> AlertDelivery:
    return AlertDelivery(
        id=ids.new("dlv"), alert_id=alert.id, channel=channel, target=target, message=message
    )


def _told(alert: Alert, turn: Turn, site: Tenant | None, base_url: str) -> dict[str, Any]:
    """What a webhook is posted."""
    rule = alert.rule
    return {
        "event": f"alert.{turn}",
        "alert": alert.id,
        "kind": alert.kind,
        "tenant": {"id": site.id, "slug": site.slug, "name": site.name} if site else None,
        "environment": alert.environment_id if site else None,
        "value": alert.value,
        "worst": alert.worst,
        "bound": rule.bounds.bad,
        "unit": rule.unit,
        "text": rule.sentence(alert.value),
        "opened_at": _moment(alert.opened_at),
        "closed_at": _moment(alert.closed_at) if alert.closed_at else None,
        "url": f"{base_url}/sites/{site.slug}" if site else f"{base_url}/admin",
    }


def _mail(alert: Alert, turn: Turn, site: Tenant | None, told: dict[str, Any]) -> dict[str, str]:
    where = f"{site.name}: " if site else ""
    title = alert.rule.title if turn == "opened" else f"{alert.rule.title}, and well again"
    minutes = ((alert.closed_at or alert.opened_at) - alert.opened_at) // timedelta(minutes=1)
    over = f"It lasted {minutes} minutes; at its worst it was {alert.worst:.0f} {alert.rule.unit}.\n\n"
    lines = [f"{told['text']}\n\n" if turn == "opened" else over, f"More is at {told['url']}\n"]
    return {"subject": f"{where}{title}", "text": "".join(lines)}


def _moment(at: datetime) -> str:
    return at.isoformat()
