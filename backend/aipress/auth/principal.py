"""Who is calling: a user, an agent acting for one, or the operator of this machine."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    TENANT = "tenant"
    ADMIN = "admin"


@dataclass(frozen=True)
class Principal:
    """The caller. `id` is the user's id, also for an agent; the operator's is `operator`."""

    kind: Literal["user", "agent", "operator"]
    id: str
    email: str
    name: str
    role: Role

    @property
    def is_person(self) -> bool:
        """True for whoever may confirm a plan or destroy something: never an agent."""
        return self.kind != "agent"

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN
