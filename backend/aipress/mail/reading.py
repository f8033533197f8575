"""What was kept of a site's mail, for those in charge of it."""

from email.message import EmailMessage, Message

from aipress import clouds
from aipress.auth.principal import Principal
from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.mail import Kept
from aipress.errors import NotFound
from aipress.kit.db import Session
from aipress.kit.paging import Page
from aipress.mail import letters
from aipress.mail.schemas import LetterRead, MailRead
from aipress.tenants import service as tenants
from aipress.tenants.access import check_in_charge

LONGEST = 500_000  # characters of a message


async def sender_of(session: Session, caller: Principal, tenant: str, kind: str) -> EnvironmentSpec:
    """The environment whose mail is asked for. Raises NotFound, NotAllowed."""
    site = await tenants.find(session, caller, tenant)
    check_in_charge(caller, site, "read its mail")
    found = [one for one in site.environments if one.kind == kind]
    if not found:
        raise NotFound(f"“{site.name}” has no {kind} environment.")
    return found[0].spec()


async def listed(sender: EnvironmentSpec, limit: int, cursor: str | None) -> Page[MailRead]:
    """One page, newest first."""
    kept = await clouds.of(sender).mail.kept(sender.id, limit + 1, cursor or "")
    after = kept[limit - 1].id if len(kept) > limit else None
    return Page(items=[MailRead(**_shown(one)) for one in kept[:limit]], next_cursor=after)


async def letter(sender: EnvironmentSpec, id: str) -> LetterRead:
    """One message. Raises NotFound."""
    found = await clouds.of(sender).mail.read(sender.id, id)
    if found is None:
        raise NotFound("There is no such message, or not any more.")
    kept, content = found
    message = letters.parsed(content)
    return LetterRead(
        **_shown(kept),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=[name for part in message.iter_attachments() if (name := part.get_filename())],
    )


def _shown(kept: Kept) -> dict[str, object]:
    names = ("id", "time", "outcome", "sender", "subject", "size", "why")
    return {**{name: getattr(kept, name) for name in names}, "recipients": list(kept.recipients)}


def _body(message: EmailMessage, kind: str) -> str:
    part: Message | None = message.get_body((kind,))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset("utf-8"), "replace")[:LONGEST]
    except LookupError:
        return payload.decode("utf-8", "replace")[:LONGEST]
