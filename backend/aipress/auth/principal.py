"""Who is calling: a user, an agent acting for one, or the operator of this machine."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    TENANT = "tenant"
    ADMIN = "admin"


@dataclass(frozen=True)
class Principal:
    """The caller. `id` is the user's id, also for an agent; the operator's is `operator`.

    `signed_in_at` is when the person last proved who they are, where that is known.
    """

    kind: Literal["user", "agent", "operator"]
    id: str
    email: str
    name: str
    role: Role
    signed_in_at: datetime | None = field(default=None, compare=False)

    @property
    def is_person(self) -> bool:
        """True for whoever may confirm a plan or destroy something: never an agent."""
        return self.kind != "agent"

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN
