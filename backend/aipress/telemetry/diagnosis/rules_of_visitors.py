"""Causes outside the site: who asks too much of it, and who tries passwords."""

from collections.abc import Sequence

from aipress.telemetry.diagnosis.evidence import Evidence, Fact
from aipress.telemetry.diagnosis.findings import Claim, Finding, Proposal, claim
from aipress.telemetry.diagnosis.trouble import Trouble

BUSY_ADDRESS, FLOOD, FLOOD_WITHOUT_TROUBLE = 60, 120, 240  # requests a minute that cost something
MOST_OF_IT, NEARLY_ALL = 50, 80  # percent of all requests
ENOUGH, FROM_MANY = 150, 3  # requests in all, and addresses of one program
TRIES, TRIES_A_MINUTE, REFUSED = 20, 10, 70  # passwords; percent of them that were wrong


def bot_flood(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Few addresses, or one program from many, ask for so much that others wait."""
    of_addresses = [one for one in evidence.of("visitor") if one.number("peak_per_minute") >= BUSY_ADDRESS]
    programs = [one for one in evidence.of("agent") if one.number("addresses") >= FROM_MANY]
    flooding = of_addresses if _is_flood(of_addresses, trouble) else programs[:1]
    if not _is_flood(flooding, trouble):
        return None
    claims = [_asked(one) for one in flooding[:3]]
    if trouble.slow:
        claims.append(
            claim(
                "Of the newest {0[looked_at]} requests that PHP answered, {0[slow]} took longer than {0[limit_ms]} ms.",
                trouble.slow,
            )
        )
    if trouble.failures:
        claims.append(claim("{0[failed]} requests failed.", trouble.failures))
    share = sum(one.number("percent") for one in flooding) / 100
    weight = min(0.95, share) if trouble.is_there else 0.4
    advice = "Ask whoever runs this platform to hold these visitors back; pages from the page cache would hardly cost anything."
    began = min(one.at for one in flooding)
    return Finding("bot_flood", weight, "likely", began, tuple(claims), Proposal(advice))


def brute_force(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Somebody tries one password after the other."""
    found = [one for one in evidence.of("logins") if _is_attack(one)]
    fact = max(found, key=lambda one: one.number("tries"), default=None)
    if fact is None:
        return None
    claims = [
        claim(
            "{0[tries]} passwords were tried at {0[path]} from {0[addresses]} addresses between {0[at]} and {0[until]}, "
            "{0[peak_per_minute]} in the busiest minute.",
            fact,
        ),
        claim("{0[refused]} of them were wrong; {0[address_tries]} came from {0[address]}.", fact),
        *(
            claim("WordPress noted {0[failed]} failed sign-ins.", one)
            for one in evidence.of("login_failures")
        ),
    ]
    traffic = evidence.one("traffic")
    share = fact.number("tries") / max(1, traffic.number("requests") if traffic else 1)
    advice = "Nobody got in by what is seen here. Make sure that everybody's password is long, and remove accounts nobody uses."
    return Finding(
        "brute_force", max(0.6, min(0.97, share + 0.1)), "certain", fact.at, tuple(claims), Proposal(advice)
    )


def _is_flood(flooding: Sequence[Fact], trouble: Trouble) -> bool:
    peak = sum(one.number("peak_per_minute") for one in flooding)
    share = sum(one.number("percent") for one in flooding)
    most = MOST_OF_IT if trouble.is_there else NEARLY_ALL
    enough = sum(one.number("requests") for one in flooding) >= ENOUGH
    least = FLOOD if trouble.is_there else FLOOD_WITHOUT_TROUBLE
    return bool(flooding) and enough and share >= most and peak >= least


def _is_attack(fact: Fact) -> bool:
    many = fact.number("tries") >= TRIES and fact.number("peak_per_minute") >= TRIES_A_MINUTE
    return many and fact.number("refused") * 100 >= REFUSED * fact.number("tries")


def _asked(fact: Fact) -> Claim:
    how = (
        "asked {0[requests]} times for pages that are not kept between {0[at]} and {0[until]}, {0[percent]} % of all such requests in that time, up to "
        "{0[peak_per_minute]} times a minute."
    )
    if fact.kind == "agent":
        return claim(
            f"A program that calls itself “{{0[agent]}}” came from {{0[addresses]}} addresses and {how}", fact
        )
    return claim(f"{{0[address]}} {how}", fact)
