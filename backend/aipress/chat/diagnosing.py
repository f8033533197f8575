"""What the assistant tells of why a site is slow or broken: causes and times as facts, and every claim on the person's screen.

Claims quote logs, and anybody can write into a log: so their sentences are `Strange`, all of them.
"""

from typing import Any

from pydantic_ai import ToolReturn
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.chat.callers import Caller
from aipress.chat.reader import Line, Strange
from aipress.plans.arguments import OneSite
from aipress.telemetry.diagnosis.schemas import DiagnosisRead, FactRead, FindingRead

Result = dict[str, Any]


async def diagnose(caller: Caller, wish: OneSite, _: str) -> ToolReturn[Result]:
    """The likely causes, the likeliest first; their evidence is on a card."""
    found = await caller.control_plane.diagnosis(wish.tenant)
    site = await caller.control_plane.site(wish.tenant)
    said = {
        "tenant": site.slug,
        "name": site.name,
        "since": f"{found.since:%Y-%m-%dT%H:%MZ}",
        "until": f"{found.until:%Y-%m-%dT%H:%MZ}",
        **_traffic(found.facts),
        "summary": found.summary.text,
        "findings": [_told(one) for one in found.findings],
        "unseen": found.unseen,
    }
    lines = [Line(claim.text, one.began_at) for one in found.findings for claim in one.claims]
    strange = [Strange("log", lines)] if lines else []
    return ToolReturn(said, metadata=[_card(found), *strange])


def _told(one: FindingRead) -> Result:
    return {
        "cause": one.cause,
        "confidence": one.confidence,
        "began_at": one.began_at.isoformat(),
        "title": one.title,
        "claims": [claim.text for claim in one.claims],
        "advice": one.proposal.text,
        "action": one.proposal.action,
    }


def _traffic(facts: list[FactRead]) -> Result:
    counted = next((fact.values for fact in facts if fact.kind == "traffic"), {})
    return {"requests": counted.get("requests", 0), "failed": counted.get("failed", 0)}


def _card(found: DiagnosisRead) -> DataChunk:
    """The diagnosis of exactly this time: looked at again later, it says what it says now."""
    data = {
        "tenant": found.tenant,
        "environment": found.environment,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
    }
    return DataChunk(type="data-diagnosis", id=found.tenant, data=data)
