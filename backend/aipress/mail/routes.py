"""Sites' mail over HTTP. A message may hold a way to set a password, so it is shown to those in charge, and nobody keeps it on the way."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from aipress.auth.door import InTransaction, Person
from aipress.clouds.base import EnvironmentSpec
from aipress.kit.paging import Page
from aipress.mail import reading
from aipress.mail.schemas import LetterRead, MailRead


def not_kept(response: Response) -> None:
    """What is said about mail is stored nowhere."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(prefix="/tenants/{tenant}/mail", tags=["mail"], dependencies=[Depends(not_kept)])


async def sender_of(
    tenant: str, session: InTransaction, caller: Person, environment: Literal["live", "staging"] = "live"
) -> EnvironmentSpec:
    """The environment asked about, for its site's owner and admins; never an agent."""
    return await reading.sender_of(session, caller, tenant, environment)


Sender = Annotated[EnvironmentSpec, Depends(sender_of)]
MailId = Annotated[str, Path(pattern=r"^[0-9]{13}-[A-Za-z0-9]{12}$")]


@router.get("")
async def list_mail(
    sender: Sender,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{13}-[A-Za-z0-9]{12}$")] = None,
) -> Page[MailRead]:
    """What a site sent, newest first: caught here, or handed to a mail server. For its owner and admins."""
    return await reading.listed(sender, limit, cursor)


@router.get("/{mail_id}")
async def read_mail(mail_id: MailId, sender: Sender) -> LetterRead:
    """One message, as text."""
    return await reading.letter(sender, mail_id)
