"""Causes in the site's own code: what breaks, what is slow, what takes too much memory, what waits for others."""

from collections.abc import Iterator

from aipress.telemetry.diagnosis.evidence import Evidence, Fact
from aipress.telemetry.diagnosis.findings import Claim, Confidence, Finding, Proposal, claim
from aipress.telemetry.diagnosis.trouble import LONG_MS, Trouble

SEEN_OFTEN = 3
READS_MUCH, TOO_MUCH_FOR_ONE = 10_000, 100  # rows a statement reads, and rows it reads for one that it finds
HEAVY_MS = 10_000  # in all, of a statement or calls that slow down no visitor
LATE_RUNS, LATE_SECONDS, LONG_RUN_MS = 3, 300, 20_000
PAGES = 20
BY_ITSELF = 0.3  # the weight of what no visitor has met


def plugin_fatal(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """An error that ends the page, again and again, at one place of the code."""
    found = [(_broken(fact, trouble), fact) for fact in evidence.of("fatal")]
    weight, fact = max(found, key=lambda one: one[0], default=(0.0, None))
    if fact is None or not weight:
        return None
    whose = "{0[component]}" if fact.text("component") else "the site's own code"
    claims = [
        claim(f"A fatal error in {whose} ended {{0[count]}} requests, first at {{0[at]}}.", fact),
        claim("PHP says: “{0[message]}”, in {0[file]} on line {0[line]}.", fact),
        *_met(trouble, fact),
    ]
    advice = "Switch it off in the site's admin under Plugins, or go back to the version before; then load the page again."
    return Finding("plugin_fatal", weight, _sure(weight), fact.at, tuple(claims), _in_admin(advice))


def memory_limit(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Pages that need more memory than they may have."""
    ended = evidence.one("memory_limit")
    found = [(_broken(fact, trouble), fact) for fact in evidence.of("memory")]
    weight, fact = max(found, key=lambda one: one[0], default=(0.0, None))
    advice = "Find what needs so much memory (the page and the code named here), or move the site to a larger tier."
    if fact is not None and weight:
        whose = "Code of {0[component]}" if fact.text("component") else "Code of the site"
        claims = [
            claim(f"{whose} ran out of memory {{0[count]}} times, first at {{0[at]}}.", fact),
            claim("PHP says: “{0[message]}”.", fact),
            *_met(trouble, fact),
        ]
        return Finding(
            "memory_limit", min(1.0, weight + 0.05), _sure(weight), fact.at, tuple(claims), _plain(advice)
        )
    if ended and trouble.failures and trouble.fails:
        claims = [claim("{0[ended]} processes of the site were ended because its memory was used up.", ended)]
        claims += _failing(trouble)
        return Finding("memory_limit", 0.6, "likely", trouble.failures.at, tuple(claims), _plain(advice))
    return None


def missing_index(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """A statement that reads a whole table for a few of its rows."""
    found = [
        (_weight_of_statement(fact, trouble), fact)
        for fact in evidence.of("statement")
        if _reads_in_vain(fact)
    ]
    weight, fact = max(found, key=lambda one: one[0], default=(0.0, None))
    if fact is None or not weight:
        return None
    tables = [one for one in evidence.of("table") if one.text("statement") == fact.text("statement")]
    claims = [
        *_slow_statement(fact),
        claim("It read {0[rows_examined]} rows to find {0[rows_sent]}, {0[rows_each]} each time.", fact),
        *(
            claim("{0[table]} has about {0[rows]} rows, and no index begins with {0[columns]}.", one)
            for one in tables
        ),
        *_slowed(trouble, fact),
    ]
    advice = "Add an index for what it looks for, or ask whoever made that plugin to."
    sure: Confidence = "certain" if tables else "likely"
    return Finding("missing_index", min(1.0, weight + 0.05), sure, fact.at, tuple(claims), _plain(advice))


def slow_query(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """A statement that takes long for another reason than a missing index."""
    found = [
        (_weight_of_statement(fact, trouble), fact)
        for fact in evidence.of("statement")
        if not _reads_in_vain(fact)
    ]
    weight, fact = max(found, key=lambda one: one[0], default=(0.0, None))
    if fact is None or not weight:
        return None
    claims = [*_slow_statement(fact), *_slowed(trouble, fact)]
    advice = "Find the plugin this statement belongs to and switch it off, or have it ask less often."
    return Finding("slow_query", weight, _sure(weight), fact.at, tuple(claims), _in_admin(advice))


def external_call(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Pages that wait for another server."""
    found = [(_weight_of_call(fact, trouble), fact) for fact in evidence.of("http_call")]
    weight, fact = max(found, key=lambda one: one[0], default=(0.0, None))
    if fact is None or not weight:
        return None
    claims = [
        claim(
            "{0[calls]} calls of {0[host]} since {0[at]} took {0[mean_ms]} ms each, {0[longest_ms]} ms at most.",
            fact,
        ),
        *([claim("{0[failed]} of them got no answer.", fact)] if fact.number("failed") else []),
        *_slowed(trouble, fact),
    ]
    advice = "Switch off the plugin that asks that server, or let it ask less often and wait less long."
    return Finding("external_call", weight, _sure(weight), fact.at, tuple(claims), _in_admin(advice))


def cron_pile_up(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Scheduled events that wait for each other."""
    fact = evidence.one("cron")
    if fact is None or fact.number("longest_lag_s") < LATE_SECONDS:
        return None
    if fact.number("late") < LATE_RUNS and fact.number("longest_ms") < LONG_RUN_MS:
        return None  # a platform that was down for a while catches up like this, once
    claims = (
        claim(
            "Scheduled events ran late {0[late]} times since {0[at]}; the longest run took {0[longest_ms]} ms.",
            fact,
        ),
        claim("The latest of them, {0[longest_lag_s]} s after their time: {0[hook]}.", fact),
    )
    advice = "Look which plugin schedules that event so often, and remove what is no longer needed."
    return Finding("cron_pile_up", 0.5, "likely", fact.at, claims, _plain(advice))


def cache_never_hits(evidence: Evidence, trouble: Trouble) -> Finding | None:
    """Pages that are made anew for every stranger, because of what they are answered with."""
    fact, page = evidence.one("cache"), evidence.one("front_page")
    if fact is None or page is None or fact.number("hits") or fact.number("pages") < PAGES:
        return None
    why = (
        "The front page sets cookies ({0[cookies]}), so nobody else may be shown it."
        if page.text("cookies")
        else "The front page says “{0[cache_control]}”, so it is not kept."
    )
    claims = (
        claim("Of {0[pages]} pages that could have come from the page cache, {0[hits]} did.", fact),
        claim(why, page),
        *_slowed(trouble, fact),
    )
    advice = "Look for the plugin that does that on every page (counters, consent banners, sessions) and let it do so later, or not at all."
    weight = 0.5 if trouble.is_slow else 0.4
    return Finding("cache_never_hits", weight, "certain", fact.at, claims, _in_admin(advice))


def _broken(fact: Fact, trouble: Trouble) -> float:
    """How much of the failed requests an error explains; a single one among many that went well is nothing."""
    count, share = fact.number("count"), trouble.failures_of(fact)
    if count >= SEEN_OFTEN:
        return max(share, BY_ITSELF)
    return share if trouble.fails and share >= 0.2 else 0.0


def _weight_of_statement(fact: Fact, trouble: Trouble) -> float:
    times = fact.number("times")
    if times < 2:
        return 0.0
    share = trouble.slowness_of(fact, times)
    if share >= 0.2:
        return share
    return BY_ITSELF if times >= SEEN_OFTEN and fact.number("total_ms") >= HEAVY_MS else 0.0


def _weight_of_call(fact: Fact, trouble: Trouble) -> float:
    calls = fact.number("calls")
    if calls < 2 or fact.number("mean_ms") < LONG_MS:
        return 0.0
    share = trouble.slowness_of(fact, calls)
    if share >= 0.2:
        return share
    return BY_ITSELF if calls >= SEEN_OFTEN and fact.number("total_ms") >= HEAVY_MS else 0.0


def _reads_in_vain(fact: Fact) -> bool:
    found = max(1, fact.number("rows_sent"))
    return fact.number("rows_each") >= READS_MUCH and fact.number("rows_examined") >= TOO_MUCH_FOR_ONE * found


def _slow_statement(fact: Fact) -> Iterator[Claim]:
    yield claim(
        "A statement took {0[mean_ms]} ms each time, {0[longest_ms]} ms at most; it ran {0[times]} times since {0[at]}.",
        fact,
    )
    yield claim("It is: “{0[statement]}”.", fact)


def _met(trouble: Trouble, fact: Fact) -> list[Claim]:
    """The failed requests, where the fact has to do with them."""
    return _failing(trouble) if trouble.failures_of(fact) else []


def _failing(trouble: Trouble) -> list[Claim]:
    failures = trouble.failures
    sentence = "{0[failed]} requests failed, most of them {0[path]} with status {0[status]}, from {0[at]} to {0[until]}."
    return [claim(sentence, failures)] if failures else []


def _slowed(trouble: Trouble, fact: Fact) -> list[Claim]:
    """The slow requests, where there are some."""
    slow = trouble.slow
    sentence = "Of the newest {0[looked_at]} requests that PHP answered, {0[slow]} took longer than {0[limit_ms]} ms."
    return [claim(sentence, slow)] if slow else []


def _sure(weight: float) -> Confidence:
    return "certain" if weight >= 0.8 else "likely" if weight >= 0.5 else "possible"


def _plain(advice: str) -> Proposal:
    return Proposal(advice)


def _in_admin(advice: str) -> Proposal:
    return Proposal(advice, "OPEN_ADMIN")
