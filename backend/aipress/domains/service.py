"""What can be asked of a site's own domains: see them, add one, have it looked at, let one go."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from aipress import clouds
from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.config import Settings
from aipress.domains import checking
from aipress.domains.looks import Look
from aipress.domains.models import Domain, of_site, proved
from aipress.domains.names import as_stored, checked_domain
from aipress.domains.proof import proof_of, token_for
from aipress.domains.verdicts import SET_IT, TAKEN
from aipress.errors import CloudError, Conflict, NotFound
from aipress.kit import ids, logs, paging
from aipress.kit.db import Session
from aipress.operations.models import Operation
from aipress.tenants import ledger
from aipress.tenants import service as tenants
from aipress.tenants.access import check_in_charge
from aipress.tenants.models import Tenant

log = logs.get()
MOST = 20  # domains a site may have or wait for
DEED = "connect or disconnect its domains"


@dataclass(frozen=True)
class Asker:
    """Who asks about a site's domains, in which transaction."""

    session: Session
    principal: Principal
    site: Tenant


async def asker_for(session: Session, principal: Principal, id_or_slug: str) -> Asker:
    """For everybody who may see the site. Raises NotFound."""
    return Asker(session, principal, await tenants.find(session, principal, id_or_slug))


async def listed(asker: Asker, wanted: paging.Slice) -> tuple[Sequence[Domain], str | None]:
    """The site's domains, newest first, and the cursor of the next page."""
    return await paging.fetch(asker.session, of_site(asker.site.id), Domain.id, wanted)


async def find(asker: Asker, domain: str) -> Domain:
    """One of the site's domains. Raises NotFound."""
    found = await asker.session.scalar(of_site(asker.site.id).where(Domain.domain == as_stored(domain)))
    if found is None:
        raise NotFound(f"“{asker.site.name}” has no domain of that name.")
    return found


async def add(asker: Asker, text: str, settings: Settings) -> tuple[Domain, Operation | None]:
    """Let the site have this domain once it is proved, with the receipt; the one it has already, without.

    Raises Invalid, NotAllowed, Conflict, CloudError.
    """
    session, site = asker.session, asker.site
    check_in_charge(asker.principal, site, DEED)
    if site.state != "live":
        raise Conflict(f"“{site.name}” is not up, so no domain can lead to it. Nothing was changed.")
    cloud, spec = clouds.of(site.live.spec()), site.live.spec()
    host = (await cloud.edge.address_of(spec)).host
    domain = checked_domain(text, {settings.host, host.partition(".")[2]})
    await session.take_turns(f"domain {domain}")
    if (known := await session.scalar(of_site(site.id).where(Domain.domain == domain))) is not None:
        return known, None
    await _check_room(asker, domain)
    row = Domain(id=ids.new("dom"), tenant_id=site.id, domain=domain, why=SET_IT)
    row.token = token_for(settings.control_dir, site.id, domain)
    expected = (proof_of(domain, row.token), *await cloud.domains.records(spec, domain))
    row.looks = [Look(one.name, one.kind, one.value, why=NOT_LOOKED).to_store() for one in expected]
    session.add(row)
    await session.flush()
    return row, _receipt(asker, "add_domain", domain)


async def remove(asker: Asker, row: Domain) -> Operation:
    """Let go of the domain: the receipt. Raises NotAllowed."""
    check_in_charge(asker.principal, asker.site, DEED)
    environment, domain = asker.site.live.spec(), row.domain
    await asker.session.delete(row)

    async def withdraw() -> None:
        try:
            await clouds.of(environment).domains.withdraw(environment.id, domain)
        except CloudError as error:  # the next rounds see that it leads somewhere without being anybody's
            log.warning("a domain is not withdrawn yet", domain=domain, why=str(error))

    asker.session.after_commit(withdraw)
    return _receipt(asker, "remove_domain", domain)


def look_now(asker: Asker, row: Domain) -> None:
    """Look at it as soon as this transaction is over, before its answer is sent."""
    row.next_check_at = row.next_check_at or row.made_at
    asker.session.after_commit(lambda: checking.check(ledger.rows(), row.id))


async def _check_room(asker: Asker, domain: str) -> None:
    if await asker.session.scalar(proved(domain)) is not None:
        raise Conflict(f"{TAKEN} Nothing was changed.")
    counted = select(func.count()).select_from(of_site(asker.site.id).subquery())
    if (await asker.session.scalar(counted) or 0) >= MOST:
        raise Conflict(
            f"“{asker.site.name}” has {MOST} domains, which is as many as a site may have. Remove one first."
        )


def _receipt(asker: Asker, kind: str, domain: str) -> Operation:
    receipt = tenants.noted(asker.principal, kind, asker.site, asker.site.live)
    receipt.succeed([], domain=domain)
    asker.session.add(receipt)
    record(
        asker.session,
        asker.principal,
        kind.upper(),
        asker.site.id,
        name=asker.site.name,
        domain=domain,
        operation=receipt.id,
    )
    return receipt


NOT_LOOKED = "Not looked for yet."
