"""What was asked for: signing in, again and again, and pages that the page cache could have answered."""

import re
from collections import Counter

from aipress.clouds.logs import LogLine, Tally
from aipress.telemetry.diagnosis.evidence import Fact, Rows, Value, percent, shortened
from aipress.telemetry.diagnosis.looking import Looking, request_ids, rows_of, told
from aipress.telemetry.diagnosis.traffic import KEPT

SIGN_IN_PATHS = ("/wp-login.php", "/xmlrpc.php")
SIGNED_IN = 302  # what WordPress answers a right password; a wrong one gets the form again
ASKED_AGAIN = frozenset({"MISS", "EXPIRED"})
SUSPICIOUS = 20  # pages, none of which was kept
FORBIDS = re.compile(r"no-store|no-cache|private|max-age=0\b", re.IGNORECASE)
PERSONAL = ("/wp-login", "/wp-admin", "/wp-json", "/wp-cron", "/xmlrpc")


async def facts_of_sign_ins(looking: Looking) -> list[Fact]:
    """Passwords that were tried, and how often WordPress said no."""
    facts: list[Fact] = []
    posted = {one.keys[0] for one in await _by_path(looking) if one.keys[1] == "POST"}
    for path in posted.intersection(SIGN_IN_PATHS):
        query = looking.query("access", text=str(path))
        lines = [line for line in await looking.newest(query) if _is_try(line, str(path))]
        if lines:
            facts.append(_tries(looking, str(path), lines))
    query = looking.query("wordpress")
    tallied = await looking.tally(query, "kind") if facts else []
    refused = sum(one.count for one in tallied if one.keys[0] == "login_failed")
    if refused:
        window = looking.window
        facts.append(Fact("login_failures", window.since, window.until, {"failed": refused}, rows_of(query)))
    return facts


async def facts_of_cache(looking: Looking) -> list[Fact]:
    """How often strangers' pages came from the page cache; nothing where no page was asked for that it could keep."""
    query = looking.query("access")
    tallied = await _by_path(looking)
    pages = [one for one in tallied if _could_be_kept(one)]
    hits, misses = Counter[str](), Counter[str]()
    for one in pages:
        (hits if one.keys[3] in KEPT else misses)[str(one.keys[0])] += one.count
    if not pages:
        return []
    asked = hits + misses
    path, times = min(asked.items(), key=lambda one: (-one[1], one[0]))
    values: dict[str, Value] = {
        "pages": asked.total(),
        "hits": hits.total(),
        "hit_percent": percent(hits.total(), asked.total()),
        "path": shortened(path),
        "path_pages": times,
        "path_hits": hits[path],
        "requests": sum(one.count for one in tallied),
    }
    facts = [Fact("cache", looking.window.since, looking.window.until, values, rows_of(query))]
    if not hits and asked.total() >= SUSPICIOUS:
        facts += await _front_page(looking)
    return facts


async def _front_page(looking: Looking) -> list[Fact]:
    """What keeps the front page from being kept, as it is answered now; nothing where nothing does."""
    state = await looking.inspection.front_page(looking.environment)
    if state is None or not (state.cookies or FORBIDS.search(state.cache_control)):
        return []
    values: dict[str, Value] = {
        "cookies": shortened(", ".join(state.cookies)),
        "cache_control": shortened(state.cache_control),
    }
    at = looking.window.until
    return [Fact("front_page", at, at, values, Rows("inspection", {"of": "front page"}))]


async def _by_path(looking: Looking) -> list[Tally]:
    return await looking.tally(looking.query("access"), "path", "method", "status", "cache")


def _tries(looking: Looking, path: str, lines: list[LogLine]) -> Fact:
    addresses = Counter(told(line, "address") for line in lines)
    address, most = min(addresses.items(), key=lambda one: (-one[1], one[0]))
    minutes = Counter(line.time.replace(second=0, microsecond=0) for line in lines)
    values: dict[str, Value] = {
        "path": path,
        "tries": len(lines),
        "refused": sum(1 for line in lines if line.fields.get("status") != SIGNED_IN),
        "addresses": len(addresses),
        "address": shortened(address),
        "address_tries": most,
        "peak_per_minute": max(minutes.values()),
    }
    first, last = lines[0].time, lines[-1].time
    rows = rows_of(looking.query("access"), path, first)
    return Fact("logins", first, last, values, rows, request_ids(lines))


def _is_try(line: LogLine, path: str) -> bool:
    return line.fields.get("method") == "POST" and told(line, "path").split("?")[0] == path


def _could_be_kept(one: Tally) -> bool:
    path, method, status, cache = one.keys
    is_page = method == "GET" and status == 200 and not str(path).startswith(PERSONAL)
    return is_page and cache in KEPT | ASKED_AGAIN
