"""Own domains as every cloud has them: names beside the platform's own that lead visitors to an environment.

That a domain is its adder's is proved before any of this is asked (`aipress.domains`); a cloud takes the name on trust.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from aipress.clouds.base import EnvironmentSpec

Certificate = Literal["none", "waiting", "active", "failed"]


@dataclass(frozen=True)
class Record:
    """One DNS record: `name` and host names among values are lower case, without a dot at their end; `kind` is A, AAAA, CNAME or TXT."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True)
class DomainState:
    """How far a domain is. `records` is all its owner has to set and keep for this cloud; `certificate` is none where visitors come

    without one; `why` says in a sentence what it waits for, what failed, or why there is no certificate.
    """

    domain: str
    records: tuple[Record, ...]
    certificate: Certificate
    certificate_ends: datetime | None = None
    why: str = ""


class Domains(Protocol):
    async def records(self, environment: "EnvironmentSpec", domain: str) -> tuple[Record, ...]:
        """Which records lead visitors of the domain here; nothing is made. `ensure` may ask for more, as for a certificate."""

    async def ensure(self, environment: "EnvironmentSpec", domain: str) -> DomainState:
        """Let the domain lead to the environment, as far as that goes now; said again, it goes on.

        Raises CloudRefused where the domain leads to another environment, or the environment isn't there.
        """

    async def state(self, environment_id: str, domain: str) -> DomainState | None:
        """How far it is; None where it was never ensured for this environment, or is withdrawn."""

    async def of(self, environment_id: str) -> set[str]:
        """Every domain that was ensured and not withdrawn."""

    async def withdraw(self, environment_id: str, domain: str) -> None:
        """Let it lead nowhere, and take down what was made for it; another environment's stays."""

    async def remove(self, environment_id: str) -> None:
        """Withdraw all of them."""

    async def existing(self) -> set[str]: ...
