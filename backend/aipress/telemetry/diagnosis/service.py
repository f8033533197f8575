"""What people ask of a site that is slow or broken: evidence about it is gathered and judged."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from aipress import clouds
from aipress.audit import models as audit
from aipress.auth.principal import Principal
from aipress.errors import Invalid
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.operations import models as operations
from aipress.plans.actions import ACTIONS
from aipress.telemetry.diagnosis import changes, gathering, rules
from aipress.telemetry.diagnosis.evidence import Evidence, Fact, Window
from aipress.telemetry.diagnosis.findings import Claim, Finding, Proposal
from aipress.telemetry.diagnosis.looking import Looking
from aipress.telemetry.diagnosis.schemas import (
    Asked,
    ClaimRead,
    DiagnosisRead,
    FactRead,
    FindingRead,
    ProposalRead,
    RowsRead,
)
from aipress.tenants.models import Environment, Tenant

USUAL, LONGEST = timedelta(hours=1), timedelta(days=7)
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
LAST = datetime(2100, 1, 1, tzinfo=UTC)
MOST_CHANGES = 100


async def diagnosis_of(session: Session, caller: Principal, site: Tenant, asked: Asked) -> DiagnosisRead:
    """Why the site is slow or broken, as far as that can be seen. Raises Invalid."""
    window, environment = _window(asked), _environment(site, asked.environment)
    known = await _changes(session, caller, site, window)
    spec = environment.spec()
    cloud = clouds.of(spec)
    looking = Looking(
        cloud.logs,
        cloud.metrics,
        cloud.inspection,
        spec,
        window,
        await _neighbours(session, environment),
    )
    evidence = await gathering.gather(looking, known)
    return _shown(site, environment, evidence)


async def _changes(session: Session, caller: Principal, site: Tenant, window: Window) -> list[Fact]:
    """What was done to the site, in the window and on the day before, as far as this caller may know of it."""
    since = window.since - changes.BEFORE
    done = operations.visible_to(caller).where(
        operations.Operation.tenant_id == site.id,
        operations.Operation.created_at.between(since, window.until),
    )
    said = audit.visible_to(caller).where(
        audit.AuditEntry.subject == site.id, audit.AuditEntry.at.between(since, window.until)
    )
    newest = done.order_by(operations.Operation.created_at.desc()).limit(MOST_CHANGES)
    latest = said.order_by(audit.AuditEntry.at.desc()).limit(MOST_CHANGES)
    return [
        *changes.facts_of_operations((await session.scalars(newest)).all()),
        *changes.facts_of_audit((await session.scalars(latest)).all()),
    ]


async def _neighbours(session: Session, environment: Environment) -> Sequence[str]:
    """The other environments that live where this one does: of what they take, only the sum is ever said."""
    others = select(Environment.id).where(
        Environment.cloud == environment.cloud, Environment.state == "live", Environment.id != environment.id
    )
    return (await session.scalars(others)).all()


def _window(asked: Asked) -> Window:
    for name, told in (("since", asked.since), ("until", asked.until)):
        if told is not None and not FIRST <= told <= LAST:
            raise _wrong(name, "That is no time of this century. Say one such as 2026-11-28T09:00:00Z.")
    until = min((asked.until or clock.now()).astimezone(UTC), clock.now())
    since = (asked.since or until - USUAL).astimezone(UTC)
    if since >= until:
        raise _wrong("since", "`since` has to be earlier than `until`, and than now.")
    if until - since > LONGEST:
        raise _wrong("since", "At most a week is looked at: say a later `since`.")
    return Window(since, until)


def _environment(site: Tenant, told: str) -> Environment:
    for one in site.environments:
        if told in (one.id, one.kind):
            return one
    raise _wrong(
        "environment", "This site has no such environment: say `live`, `staging` or an id of its own."
    )


def _wrong(name: str, why: str) -> Invalid:
    return Invalid(why, {name: why})


def _shown(site: Tenant, environment: Environment, evidence: Evidence) -> DiagnosisRead:
    found = rules.diagnose(evidence)
    return DiagnosisRead(
        tenant=site.slug,
        environment=environment.id,
        kind=environment.kind,
        since=evidence.window.since,
        until=evidence.window.until,
        summary=_claim(found.summary),
        findings=[_finding(site, one) for one in found.findings],
        facts=[_fact(one) for one in evidence.facts],
        unseen=list(evidence.unseen),
    )


def _finding(site: Tenant, finding: Finding) -> FindingRead:
    return FindingRead(
        cause=finding.cause,
        title=rules.TITLES[finding.cause],
        confidence=finding.confidence,
        began_at=finding.began_at,
        claims=[_claim(one) for one in finding.claims],
        proposal=_proposal(site, finding.proposal),
    )


def _proposal(site: Tenant, proposal: Proposal) -> ProposalRead:
    """With its action only where that works today."""
    action = ACTIONS.get(proposal.action)
    if action is None or not action.built:
        return ProposalRead(text=proposal.text, action=None, arguments={})
    return ProposalRead(
        text=proposal.text, action=action.id, arguments={"tenant": site.slug, **proposal.arguments}
    )


def _claim(one: Claim) -> ClaimRead:
    return ClaimRead(text=one.text, facts=list(one.facts))


def _fact(one: Fact) -> FactRead:
    rows = RowsRead(where=one.rows.where, query=dict(one.rows.query))
    return FactRead(id=one.id, kind=one.kind, at=one.at, until=one.until, values=dict(one.values), rows=rows)
