"""Sees to what sites want sent: one message after another is refused, caught, or handed to a mail server, and is a line of its site.

A message stays where its site laid it until what became of it is on disk, so none is lost, and its name is remembered with that, so
none is kept twice. Only whoever dies between a mail server's yes and our note sends again, under the same Message-ID.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.logs import Level
from aipress.clouds.mail import Kept, Outcome, Waiting
from aipress.clouds.notes import Note
from aipress.config import Settings
from aipress.errors import CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Database
from aipress.kit.smtp import MailServer, Never, NotNow
from aipress.mail import letters
from aipress.mail.letters import Letter, Unsendable
from aipress.tenants.models import KIND, Environment, Tenant

log = logs.get()
EVERY_SECONDS, MORE_SECONDS = 2.0, 0.05
HOUR = timedelta(hours=1)
PAUSE, GIVEN_UP_AFTER = timedelta(minutes=1), timedelta(days=1)
MOST_NAMED = 3  # recipients in a line
LEVELS: Mapping[Outcome, Level] = {"caught": "info", "sent": "info", "refused": "warning"}


@dataclass(frozen=True)
class Rules:
    """What sites may send, and where it goes: to `server`, or nowhere."""

    own_address: str
    per_hour: int
    server: MailServer | None = None


def rules_of(settings: Settings) -> Rules:
    """Those of this installation."""
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_user,
        settings.smtp_password,
        settings.smtp_security,
        settings.mail_from,
    )
    return Rules(settings.mail_from, settings.mail_per_hour, server if settings.smtp_host else None)


async def keep_mailing(rows: Database, cloud: Cloud, rules: Rules) -> None:
    """See to what waits on a cloud, again and again, until cancelled."""
    mailer = Mailer(rows, cloud, rules)
    while True:
        settled = 0
        try:
            settled = await mailer.see_to_some()
        except CloudError as error:
            log.warning("mail of sites waits", cloud=cloud.name, why=str(error))
        except Exception:
            log.exception("seeing to mail of sites failed; it is tried again")
        await asyncio.sleep(MORE_SECONDS if settled else EVERY_SECONDS)


class Mailer:
    """Sees to one cloud's. Remembers what is settled but not thrown away yet, how many each site sent lately, and when to try the
    mail server again."""

    def __init__(self, rows: Database, cloud: Cloud, rules: Rules) -> None:
        self.rows, self.cloud, self.rules = rows, cloud, rules
        self._done: defaultdict[str, list[str]] = defaultdict(list)
        self._sent: dict[str, list[datetime]] = {}
        self._again = clock.now()

    async def see_to_some(self) -> int:
        """The next few messages of the cloud's sites; says how many of them are settled."""
        waiting = await self.cloud.mail.waiting(self._done)
        self._done.clear()
        senders = await self._senders({one.environment for one in waiting})
        for message in waiting:
            sender = senders.get(message.environment)
            if sender is None or await self._is_settled(message, sender):
                self._done[message.environment].append(message.name)
        return sum(len(names) for names in self._done.values())

    async def _is_settled(self, message: Waiting, sender: EnvironmentSpec) -> bool:
        """Settle it, if that can be done now; whatever goes wrong with one keeps no other waiting."""
        try:
            return await self._settle(message, sender)
        except Exception:
            log.exception("a message can't be settled", environment=sender.id, mail=message.name)
            return False

    async def _settle(self, message: Waiting, sender: EnvironmentSpec) -> bool:
        """Whether it is over with the message, one way or the other."""
        now, known = clock.now(), await self.cloud.mail.named(sender.id, message.name)
        if known and known.outcome != "sending":
            await self._tell(sender, known)
            return True
        try:
            letter = letters.read(message.content, self.rules.own_address)
            if known is None:
                await self._count(sender, now)
        except Unsendable as refusal:
            await self._tell(sender, _refused(message, str(refusal), now))
            return True
        kept = known or _kept(message, letter, now)
        if self.rules.server is None or sender.kind == "staging":
            return await self._conclude(sender, replace(kept, outcome="caught"), letter)
        return await self._send(sender, kept, letter, self.rules.server)

    async def _send(self, sender: EnvironmentSpec, kept: Kept, letter: Letter, server: MailServer) -> bool:
        if (now := clock.now()) < self._again:
            return False
        await self.cloud.mail.keep(sender.id, kept, letter.content)
        try:
            domain = self.rules.own_address.rpartition("@")[2]
            content = letters.to_send(letter, f"{kept.id}.{sender.id}@{domain}")
            refused = await server.send(letter.recipients, content)
        except Never as refusal:
            return await self._conclude(sender, replace(kept, outcome="refused", why=str(refusal)), letter)
        except NotNow as trouble:
            if now - kept.time > GIVEN_UP_AFTER:
                why = f"It could not be sent for a day. {trouble}"
                return await self._conclude(sender, replace(kept, outcome="refused", why=why), letter)
            log.warning("the mail server does not take on mail of sites", why=str(trouble))
            self._again = now + PAUSE
            return False
        why = f"The mail server refused {', '.join(refused)}." if refused else ""
        return await self._conclude(sender, replace(kept, outcome="sent", why=why), letter)

    async def _conclude(self, sender: EnvironmentSpec, kept: Kept, letter: Letter) -> bool:
        await self.cloud.mail.keep(sender.id, kept, letter.content)
        await self._tell(sender, kept)
        return True

    async def _count(self, sender: EnvironmentSpec, now: datetime) -> None:
        """One more of this site's. Raises Unsendable when an hour had as many as one may have."""
        if sender.id not in self._sent:
            kept = await self.cloud.mail.kept(sender.id, self.rules.per_hour)
            self._sent[sender.id] = [one.time for one in kept]
        lately = [moment for moment in self._sent[sender.id] if now - moment < HOUR]
        self._sent[sender.id] = lately
        if len(lately) >= self.rules.per_hour:
            raise Unsendable(f"This site has sent {len(lately)} messages within an hour; more it may not.")
        lately.append(now)

    async def _tell(self, sender: EnvironmentSpec, kept: Kept) -> None:
        named = ", ".join(kept.recipients[:MOST_NAMED])
        if len(kept.recipients) > MOST_NAMED:
            named += f" and {len(kept.recipients) - MOST_NAMED} more"
        message = f"mail {kept.outcome}: {kept.subject or '(no subject)'}" + (
            f". {kept.why}" if kept.why else ""
        )
        fields = {"recipient": named, "subject": kept.subject, "outcome": kept.outcome}
        level = LEVELS.get(kept.outcome, "info")
        await self.cloud.notes.add(Note(sender.id, "mail", level, message, fields=fields))

    async def _senders(self, ids: set[str]) -> dict[str, EnvironmentSpec]:
        """The cloud's sites these environments are of; what is nobody's sends nothing."""
        if not ids:
            return {}
        wanted = select(
            *(Environment.id, Environment.number, Tenant.id, Tenant.slug),
            *(KIND, Tenant.tier, Environment.cloud),
        )
        named = wanted.join(Tenant, Environment.tenant_id == Tenant.id).where(Environment.id.in_(ids))
        theirs = named.where(Environment.cloud == self.cloud.name)
        async with self.rows.reading() as session:
            return {row.id: EnvironmentSpec(*row) for row in (await session.execute(theirs)).all()}


def _kept(message: Waiting, letter: Letter, now: datetime) -> Kept:
    id = f"{int(now.timestamp() * 1000):013d}-{message.name}"
    return Kept(
        id, message.name, now, "sending", letter.sender, letter.recipients, letter.subject, message.size
    )


def _refused(message: Waiting, why: str, now: datetime) -> Kept:
    """Of what was refused there is a line, and nothing else; who was to get it is said as far as it can be read."""
    recipients, subject = letters.glimpse(message.content or b"")
    return Kept("", message.name, now, "refused", "", recipients, subject, message.size, why)
