"""The fourteen causes are found in what a planted fault leaves behind, healthy sites raise no alarm, and no number is invented."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from aipress.telemetry.diagnosis.evidence import Evidence
from aipress.telemetry.diagnosis.findings import CAUSES, Cause, Claim
from aipress.telemetry.diagnosis.rules import RULES, TITLES, Diagnosis, diagnose
from tests.telemetry.diagnosis.faults import FAULTS
from tests.telemetry.diagnosis.healthy import HEALTHY
from tests.telemetry.diagnosis.scenes import Scene, scene

SEEDS = range(2)
NUMBER = re.compile(r"\d+")


def test_there_is_a_rule_a_title_and_a_fault_for_every_cause() -> None:
    assert set(CAUSES) == set(RULES) == set(TITLES) == set(FAULTS)
    assert len(CAUSES) == 14


# From three visits nobody can tell a cache that never hits.
@pytest.mark.parametrize(
    ("cause", "visits"),
    [
        (cause, visits)
        for cause in CAUSES
        for visits in (3, 120)
        if (cause, visits) != ("cache_never_hits", 3)
    ],
)
async def test_a_planted_fault_comes_first(cause: Cause, visits: int) -> None:
    for seed in SEEDS:
        site = scene(seed, visits)
        FAULTS[cause](site)
        evidence = await site.evidence()
        found = diagnose(evidence)
        assert [one.cause for one in found.findings][:1] == [cause], (seed, found.findings)
        assert unfounded(found, evidence) == []


@pytest.mark.parametrize("life", HEALTHY, ids=lambda life: life.__name__)
@pytest.mark.parametrize("visits", [0, 120])
async def test_a_healthy_site_raises_no_alarm(life: Callable[[Scene], None], visits: int) -> None:
    for seed in SEEDS:
        site = scene(seed, visits)
        life(site)
        evidence = await site.evidence()
        found = diagnose(evidence)
        assert [one.cause for one in found.findings] == [], (seed, found.findings)
        assert unfounded(found, evidence) == []


async def test_a_number_that_no_fact_has_is_noticed() -> None:
    site = scene(1)
    FAULTS["plugin_fatal"](site)
    evidence = await site.evidence()
    found = diagnose(evidence)
    invented = replace(found, summary=Claim("4711 requests failed.", found.summary.facts))
    assert unfounded(invented, evidence) == ["4711 in “4711 requests failed.”"]


def unfounded(found: Diagnosis, evidence: Evidence) -> list[str]:
    """Every number of every sentence that stands in none of the facts the sentence cites."""
    facts = {fact.id: fact for fact in evidence.facts}
    said = [found.summary, *(claim for finding in found.findings for claim in finding.claims)]
    said += [Claim(finding.proposal.text, ()) for finding in found.findings]
    return [
        f"{number} in “{claim.text}”"
        for claim in said
        for number in NUMBER.findall(claim.text)
        if number
        not in {
            one
            for id in claim.facts
            for value in facts[id].said().values()
            for one in NUMBER.findall(str(value))
        }
    ]
