"""Causes around the site: its disk, the database's connections, its neighbours, its names and certificates."""

from aipress.telemetry.diagnosis.evidence import Evidence, Fact
from aipress.telemetry.diagnosis.findings import Claim, Finding, Proposal, claim
from aipress.telemetry.diagnosis.trouble import Trouble

FULL_PERCENT, FULL_MB = 1, 64
NEARLY_ALL = 95  # percent of the connections there may be
CALM, MINUTES = (
    30,
    2,
)  # percent of the processors that the site itself takes; minutes that others took most of them


def full_disk(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Nothing more can be written."""
    disk, errors = evidence.one("disk"), evidence.of("disk_error")
    is_full = disk is not None and (
        disk.number("free_percent") < FULL_PERCENT
        and disk.number("free_mb") < 1024
        or disk.number("free_mb") < FULL_MB
    )
    if not errors and not is_full:
        return None
    claims: list[Claim] = []
    if disk and is_full:
        claims.append(claim("Of the disk's {0[size_mb]} MB, {0[free_mb]} MB are free.", disk))
    for error in errors[:2]:
        claims.append(
            claim("{0[count]} times since {0[at]} something could not be written: “{0[message]}”.", error)
        )
    began = min([one.at for one in errors] or [disk.at if disk else evidence.window.until])
    advice = "Remove what is not needed: old uploads, backups that plugins made, large logs. Whoever runs this platform can add space."
    weight, sure = (0.98, "certain") if is_full else (0.9, "likely")
    return Finding("full_disk", weight, sure, began, tuple(claims), Proposal(advice))  # type: ignore[arg-type]


def connections_exhausted(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """WordPress can't reach its database, because all connections are taken."""
    state, errors = evidence.one("connections"), evidence.of("connection_error")
    is_full = state is not None and (
        _is_full(state, "open", "most")
        or _is_full(state, "highest", "most")
        or _is_full(state, "all_open", "all_most")
    )
    if not errors and not (is_full and trouble.fails):
        return None
    claims: list[Claim] = []
    if state and is_full:
        claims.append(
            claim(
                "Of the {0[most]} connections the site may have to its database, {0[open]} are open, and {0[highest]} were at "
                "most; all sites together have {0[all_open]} of {0[all_most]}.",
                state,
            )
        )
    for error in errors[:2]:
        claims.append(claim("{0[count]} times since {0[at]} the database refused: “{0[message]}”.", error))
    if trouble.failures:
        claims.append(
            claim("{0[failed]} requests failed with status {0[status]}, first at {0[at]}.", trouble.failures)
        )
    began = min([one.at for one in errors] + ([trouble.failures.at] if trouble.failures else []))
    advice = (
        "Find what keeps connections open (slow statements, a program with the site's password) and end it."
    )
    weight = 0.92 if is_full and trouble.fails else 0.6
    return Finding(
        "connections_exhausted",
        weight,
        "certain" if is_full else "likely",
        began,
        tuple(claims),
        Proposal(advice),
    )


def neighbour_load(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Other sites take the processors, and this one waits."""
    fact = evidence.one("neighbours")
    if fact is None or trouble.slow is None or not trouble.is_slow:
        return None
    if fact.number("own_percent") > CALM or fact.number("minutes") < MINUTES:
        return None
    claims = (
        claim(
            "For {0[minutes]} minutes since {0[at]}, all other sites together took {0[percent]} % of the machine's "
            "{0[processors]} processors, and this one {0[own_percent]} %.",
            fact,
        ),
        claim(
            "Of the newest {0[looked_at]} requests that PHP answered, {0[slow]} took longer than {0[limit_ms]} ms.",
            trouble.slow,
        ),
    )
    advice = "Nothing in this site is at fault. Whoever runs this platform can move it, or hold the others back; a larger tier weighs more."
    share = trouble.slow.number("slow_percent") / 100
    return Finding("neighbour_load", 0.35 + 0.4 * share, "likely", fact.at, claims, Proposal(advice))


def expired_certificate(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Browsers warn everybody away."""
    facts = evidence.of("certificate")
    if not facts:
        return None
    claims = tuple(
        claim("The certificate that visitors of {0[host]} are shown ended at {0[ended]}.", one)
        for one in facts[:3]
    )
    advice = "It has to be renewed: check that the domain leads here, then have a certificate issued again."
    return Finding(
        "expired_certificate",
        1.0,
        "certain",
        facts[0].at,
        claims,
        Proposal(advice, "CHECK_DOMAIN", {"domain": facts[0].text("host")}),
    )


def dns_moved(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """The name leads elsewhere."""
    facts = evidence.of("name")
    if not facts:
        return None
    claims = tuple(
        claim("{0[host]} leads to {0[found]}, and should lead to {0[expected]}.", one) for one in facts[:3]
    )
    advice = "Set the domain's records back where you manage it, to what is expected here."
    return Finding(
        "dns_moved",
        0.99,
        "certain",
        facts[0].at,
        claims,
        Proposal(advice, "CHECK_DOMAIN", {"domain": facts[0].text("host")}),
    )


def _is_full(state: Fact, used: str, most: str) -> bool:
    return state.number(most) > 0 and state.number(used) * 100 >= NEARLY_ALL * state.number(most)
