"""From evidence to findings: every rule looks, what one cause brings about stands behind it, and the likeliest comes first.

Pure: the same evidence is judged the same, whenever and wherever.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from aipress.telemetry.diagnosis import rules_of_code, rules_of_surroundings, rules_of_visitors
from aipress.telemetry.diagnosis.evidence import Evidence
from aipress.telemetry.diagnosis.findings import CAUSES, Cause, Claim, Finding, claim
from aipress.telemetry.diagnosis.trouble import Trouble, trouble_in

Rule = Callable[[Evidence, Trouble], Finding | None]
RULES: Mapping[Cause, Rule] = {
    "plugin_fatal": rules_of_code.plugin_fatal,
    "slow_query": rules_of_code.slow_query,
    "missing_index": rules_of_code.missing_index,
    "bot_flood": rules_of_visitors.bot_flood,
    "brute_force": rules_of_visitors.brute_force,
    "full_disk": rules_of_surroundings.full_disk,
    "memory_limit": rules_of_code.memory_limit,
    "cron_pile_up": rules_of_code.cron_pile_up,
    "cache_never_hits": rules_of_code.cache_never_hits,
    "expired_certificate": rules_of_surroundings.expired_certificate,
    "dns_moved": rules_of_surroundings.dns_moved,
    "external_call": rules_of_code.external_call,
    "connections_exhausted": rules_of_surroundings.connections_exhausted,
    "neighbour_load": rules_of_surroundings.neighbour_load,
}
# What a cause may bring about: where both are found, and it did not begin later, the second is no cause of its own.
BRINGS: Mapping[Cause, frozenset[Cause]] = {
    "full_disk": frozenset({"plugin_fatal", "connections_exhausted", "cron_pile_up", "slow_query"}),
    "memory_limit": frozenset({"plugin_fatal"}),
    "slow_query": frozenset({"connections_exhausted", "cron_pile_up"}),
    "missing_index": frozenset({"connections_exhausted", "cron_pile_up", "slow_query"}),
    "external_call": frozenset({"connections_exhausted", "cron_pile_up"}),
    "brute_force": frozenset({"bot_flood", "slow_query", "connections_exhausted", "neighbour_load"}),
    "bot_flood": frozenset(
        {"slow_query", "connections_exhausted", "cache_never_hits", "neighbour_load", "memory_limit"}
    ),
    "connections_exhausted": frozenset({"plugin_fatal"}),
    "neighbour_load": frozenset({"slow_query", "external_call"}),
    "cache_never_hits": frozenset({"neighbour_load"}),
}
MADE_BY_CHANGES: frozenset[Cause] = frozenset(
    (
        "plugin_fatal",
        "slow_query",
        "missing_index",
        "memory_limit",
        "external_call",
        "cache_never_hits",
        "cron_pile_up",
    )
)
TOGETHER, JUST_BEFORE = timedelta(minutes=2), timedelta(minutes=30)
LEAST = 0.2
NEW_SITE = frozenset({"provision", "CREATE_SITE"})


@dataclass(frozen=True)
class Diagnosis:
    """What was found, the likeliest cause first, and one sentence for all of it."""

    summary: Claim
    findings: tuple[Finding, ...]


def diagnose(evidence: Evidence) -> Diagnosis:
    """The likely causes of what the evidence shows."""
    trouble = trouble_in(evidence)
    found = [finding for rule in RULES.values() if (finding := rule(evidence, trouble))]
    found = [_with_change(evidence, one) for one in found]
    weighed = [replace(one, weight=one.weight * _own_part(one, found)) for one in found]
    kept = [one for one in weighed if one.weight >= LEAST]
    kept.sort(key=lambda one: (-one.weight, one.began_at, CAUSES.index(one.cause)))
    return Diagnosis(_summary(evidence, trouble, kept), tuple(kept))


def _own_part(finding: Finding, found: Sequence[Finding]) -> float:
    """Half, where another cause may have brought it about."""
    brought = any(
        finding.cause in BRINGS.get(other.cause, ()) and other.began_at <= finding.began_at + TOGETHER
        for other in found
        if other is not finding and other.weight >= LEAST
    )
    return 0.5 if brought else 1.0


def _with_change(evidence: Evidence, finding: Finding) -> Finding:
    """With what was changed just before it began."""
    if finding.cause not in MADE_BY_CHANGES:
        return finding
    changes = [
        one
        for one in evidence.of("change")
        if finding.began_at - JUST_BEFORE <= one.at <= finding.began_at and one.text("what") not in NEW_SITE
    ]
    if not changes:
        return finding
    return finding.with_claim(
        claim("Just before, at {0[at]}, this was changed: {0[what]} {0[name]}.", changes[-1]), 0.05
    )


def _summary(evidence: Evidence, trouble: Trouble, found: Sequence[Finding]) -> Claim:
    traffic = evidence.one("traffic")
    if found:
        return Claim(TITLES[found[0].cause], found[0].claims[0].facts)
    if traffic is None:
        return Claim("Nobody asked for anything in this time, and nothing wrong was found.", ())
    if trouble.fails and trouble.failures:
        return claim(
            "{0[failed]} requests failed, and none of the causes that are known here fits.", trouble.failures
        )
    if trouble.is_slow and trouble.slow:
        return claim(
            "{0[slow]} of {0[looked_at]} requests were slow, and none of the causes that are known here fits.",
            trouble.slow,
        )
    return claim("Nothing wrong was found: of {0[requests]} requests, {0[failed]} failed.", traffic)


TITLES: Mapping[Cause, str] = {
    "plugin_fatal": "A plugin or theme breaks with a fatal error.",
    "slow_query": "A slow statement holds up the database.",
    "missing_index": "The database reads a whole table, because an index is missing.",
    "bot_flood": "A flood of requests from few visitors takes the site's time.",
    "brute_force": "Somebody is trying passwords at the sign-in page.",
    "full_disk": "The disk is full, so nothing more can be written.",
    "memory_limit": "Pages need more memory than they may have.",
    "cron_pile_up": "Scheduled events pile up.",
    "cache_never_hits": "The page cache is never used, so every page is made anew.",
    "expired_certificate": "The certificate has expired, so browsers warn visitors away.",
    "dns_moved": "The domain leads to another machine.",
    "external_call": "Pages wait for another server.",
    "connections_exhausted": "All connections to the database are taken.",
    "neighbour_load": "Other sites on this machine take its processors.",
}
