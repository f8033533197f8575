"""One look at a domain: is it proved, then let it lead to its site, and hold every record against the DNS.

The cloud is asked only after the proof was seen. No transaction is open while a name server or a cloud is asked; whoever dies
in between looks again.
"""

from dataclasses import dataclass

from sqlalchemy import select

from aipress import clouds
from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import Domains, DomainState, Record
from aipress.domains.looks import Look, look_at, look_for_proof
from aipress.domains.models import Domain, proved
from aipress.domains.proof import proof_of
from aipress.domains.verdicts import GRACE, Finding, Standing, pronounce
from aipress.errors import CloudBusy, CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Database
from aipress.kit.resolving import Names
from aipress.tenants.models import Tenant

log = logs.get()
_names: list[Names] = []


def use(names: Names) -> None:
    """Whom this process asks about names."""
    _names[:] = [names]


@dataclass(frozen=True)
class Claim:
    """A domain that some site says is its own."""

    id: str
    domain: str
    proof: Record
    environment: EnvironmentSpec


async def check(rows: Database, domain_id: str) -> None:
    """Look at it now, and go on with it as far as that goes. Nothing happens for one whose site is not up."""
    claim = await _read(rows, domain_id)
    if claim is None:
        return
    proof = await look_for_proof(_names[0], claim.proof)
    standing = await _stand(rows, claim, proof)
    if standing == "given up":
        await _domains(claim).withdraw(claim.environment.id, claim.domain)
    found = await _go_on(claim, proof, standing)
    if not await _note(rows, claim, found) and found.reached is not None:
        await _domains(claim).withdraw(claim.environment.id, claim.domain)


async def _read(rows: Database, domain_id: str) -> Claim | None:
    async with rows.reading() as session:
        row = await session.get(Domain, domain_id)
        site = await session.scalar(select(Tenant).where(Tenant.id == row.tenant_id)) if row else None
        if row is None or site is None or site.state != "live":
            return None
        return Claim(row.id, row.domain, proof_of(row.domain, row.token), site.live.spec())


async def _stand(rows: Database, claim: Claim, proof: Look) -> Standing:
    """Whose the domain is by this look, noted before the cloud is asked: one site at a time has it proved."""
    now = clock.now()
    async with rows.transaction() as session:
        await session.take_turns(f"domain {claim.domain}")
        row = await session.get(Domain, claim.id, with_for_update=True)
        if row is None:
            return "unproved"
        if proof.state == "right":
            other = await session.scalar(proved(claim.domain).where(Domain.id != claim.id))
            if other is not None:
                return "taken"
            row.proved_at, row.proof_lost_at = row.proved_at or now, None
        elif row.proved_at is not None and proof.state != "unknown":
            row.proof_lost_at = row.proof_lost_at or now
            if now - row.proof_lost_at >= GRACE:
                row.proved_at = row.proof_lost_at = None
                return "given up"
        return "ours" if row.proved_at is not None else "unproved"


async def _go_on(claim: Claim, proof: Look, standing: Standing) -> Finding:
    """Let the cloud do what it can now, if the domain is proved, and look at the records it names."""
    reached: DomainState | None = None
    trouble, is_refused = "", False
    try:
        if standing == "ours":
            reached = await _domains(claim).ensure(claim.environment, claim.domain)
        needed = (
            reached.records if reached else await _domains(claim).records(claim.environment, claim.domain)
        )
    except CloudError as error:
        log.warning("a domain can't be connected", domain=claim.domain, why=str(error))
        trouble, is_refused, needed = str(error), not isinstance(error, CloudBusy), ()
    looks = await look_at(_names[0], claim.domain, needed)
    return Finding(standing, proof, looks, reached, trouble, is_refused)


async def _note(rows: Database, claim: Claim, found: Finding) -> bool:
    """Write it down; False where the row went meanwhile."""
    async with rows.transaction() as session:
        row = await session.get(Domain, claim.id, with_for_update=True)
        if row is not None:
            pronounce(row, found, clock.now())
        return row is not None


def _domains(claim: Claim) -> Domains:
    return clouds.of(claim.environment).domains
