"""Who is calling: a user, an agent acting for one, or the operator of this machine."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from aipress.errors import NotSignedIn
from aipress.kit import clock

FRESH = timedelta(minutes=5)


class Role(StrEnum):
    TENANT = "tenant"
    ADMIN = "admin"


@dataclass(frozen=True)
class Voucher:
    """The Firebase account the caller came by: through a session it began, or showing its token each time."""

    uid: str
    by_token: bool


@dataclass(frozen=True)
class Principal:
    """The caller. `id` is the user's id, also for an agent; the operator's is `operator`.

    `signed_in_at` is when the person last proved who they are, where that is known. `voucher` is None for whoever
    came by our own link or token.
    """

    kind: Literal["user", "agent", "operator"]
    id: str
    email: str
    name: str
    role: Role
    signed_in_at: datetime | None = field(default=None, compare=False)
    voucher: Voucher | None = field(default=None, compare=False)

    @property
    def is_person(self) -> bool:
        """True for whoever may confirm a plan or destroy something: never an agent."""
        return self.kind != "agent"

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


def check_fresh(caller: Principal) -> None:
    """For what destroys or opens something. Raises NotSignedIn for a Firebase token of a sign-in that is no longer fresh.

    A browser's person types the name of what goes; a program with a token that renews itself has nobody who does.
    """
    if caller.voucher is None or not caller.voucher.by_token:
        return
    if caller.signed_in_at is None or caller.signed_in_at < clock.now() - FRESH:
        raise NotSignedIn(
            "This needs a sign-in of the last five minutes, and your token is from an older one. "
            "Nothing was changed. Sign in again, then repeat it."
        )
