"""What Cloud CDN keeps, for how long and under which key: rules alone, by what origin and policy say.

https://cloud.google.com/cdn/docs/caching
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlencode

from gcpsim.wire import Json

LARGEST = 10 * 1024 * 1024
KEPT = {200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 421, 451, 501}
NEGATIVE = {300: 600, 301: 600, 308: 600, 404: 120, 405: 60, 410: 120, 421: 60, 451: 120, 501: 60}
"""Seconds an answer is kept that says nothing of it, where the policy has negative caching."""

VARIES = {
    "accept", "accept-encoding", "access-control-request-headers", "access-control-request-method", "origin", "sec-fetch-dest",
    "sec-fetch-mode", "sec-fetch-site", "x-goog-allowed-resources", "x-origin",
}  # fmt: skip
STATIC = re.compile(
    r"(text/(css|javascript|ecmascript)|application/(javascript|pdf|font|postscript)|image/|audio/|video/|font/)"
)


@dataclass(frozen=True)
class Said:
    """What an origin answered: its headers' names are in lower case, each with all its values."""

    status: int
    headers: Mapping[str, tuple[str, ...]]

    def all(self, name: str) -> str:
        """A header's values as one text."""
        return ", ".join(self.headers.get(name, ()))

    @property
    def directives(self) -> dict[str, str]:
        """Cache-Control's words."""
        parts = (
            one.strip().partition("=") for one in self.all("cache-control").lower().split(",") if one.strip()
        )
        return {name.strip(): value.strip().strip('"') for name, _, value in parts}


def lifetime(policy: Json, said: Said, asked: Mapping[str, str]) -> float:
    """Seconds an answer to a GET may be kept; 0: not at all. The names of `asked`'s headers are in lower case."""
    forced = policy.get("cacheMode") == "FORCE_CACHE_ALL"
    words = said.directives
    if said.status not in KEPT or "set-cookie" in said.headers or not _varies_little(said):
        return 0
    if not forced and (
        {"no-store", "no-cache", "private"} & set(words) or "no-store" in asked.get("cache-control", "")
    ):
        return 0
    if "authorization" in asked and not forced and not {"public", "must-revalidate", "s-maxage"} & set(words):
        return 0
    if forced and said.status < 400:
        return float(policy.get("defaultTtl", 3600))
    told = _told(said, words)
    if told is None:
        return _unsaid(policy, said)
    static = policy.get("cacheMode", "CACHE_ALL_STATIC") == "CACHE_ALL_STATIC"
    return min(told, float(policy.get("maxTtl", 86400))) if static else told


def bypassed(policy: Json, asked: Mapping[str, str]) -> bool:
    """Whether a request asks past the cache."""
    names = {str(one.get("headerName", "")).lower() for one in policy.get("bypassCacheOnRequestHeaders", [])}
    return bool(names & set(asked)) or "range" in asked


def key(policy: Json, address: tuple[str, str, str], asked: Mapping[str, str]) -> str:
    """What makes two requests the same: scheme, host and target, and headers that the policy names. One that speaks of keys leaves out

    what it does not say it includes.
    """
    scheme, host, target = address
    told = policy.get("cacheKeyPolicy")
    path, _, query = target.partition("?")
    if told is None:
        return f"{scheme}://{host}{path}?{query}"
    parts = [
        scheme + "://" if told.get("includeProtocol") else "",
        host if told.get("includeHost") else "",
        path,
    ]
    said = "".join(f"\n{one}: {asked[one]}" for one in sorted(named(policy) & set(asked)))
    return "".join(parts) + (f"?{_query(told, query)}" if told.get("includeQueryString") else "") + said


def named(policy: Json) -> set[str]:
    """The request's headers that are part of the key."""
    return {str(one).lower() for one in policy.get("cacheKeyPolicy", {}).get("includeHttpHeaders", [])}


def variant(said: Said, asked: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The request's headers by which answers differ."""
    return tuple((name, asked.get(name, "")) for name in sorted(_names(said.all("vary"))))


def tags(said: Said) -> frozenset[str]:
    """The tags an answer can be forgotten by."""
    return frozenset(_names(said.all("cache-tag"), lower=False))


def is_meant(wish: Json, host: str, path: str, has: Iterable[str]) -> bool:
    """Whether an invalidation means what is kept of a host's path with these tags."""
    if wish.get("host") and wish["host"] != host:
        return False
    if wish.get("cacheTags") and not set(wish["cacheTags"]) & set(has):
        return False
    told = str(wish.get("path", "/*"))
    return path.startswith(told[:-1]) if told.endswith("/*") else path == told


def _query(told: Json, query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if only := told.get("queryStringWhitelist"):
        return urlencode(sorted(pair for pair in pairs if pair[0] in only))
    if never := told.get("queryStringBlacklist"):
        return urlencode(sorted(pair for pair in pairs if pair[0] not in never))
    return query


def _told(said: Said, words: Mapping[str, str]) -> float | None:
    """What the origin says, or None where it says nothing."""
    for name in ("s-maxage", "max-age"):
        if name in words:
            return float(words[name]) if words[name].isdigit() else 0.0
    if expires := said.all("expires"):
        try:
            date = parsedate_to_datetime(said.all("date"))
            return max(0.0, (parsedate_to_datetime(expires) - date).total_seconds())
        except (TypeError, ValueError):
            return 0.0
    return None


def _unsaid(policy: Json, said: Said) -> float:
    if policy.get("negativeCaching") and said.status in NEGATIVE and "cache-control" not in said.headers:
        own = {int(one["code"]): float(one["ttl"]) for one in policy.get("negativeCachingPolicy", [])}
        return own.get(said.status, float(NEGATIVE[said.status]))
    static = policy.get("cacheMode", "CACHE_ALL_STATIC") == "CACHE_ALL_STATIC"
    if static and said.status < 300 and STATIC.match(said.all("content-type")):
        return float(policy.get("defaultTtl", 3600))
    return 0


def _varies_little(said: Said) -> bool:
    return _names(said.all("vary")) <= VARIES


def _names(told: str, *, lower: bool = True) -> set[str]:
    return {one.strip().lower() if lower else one.strip() for one in told.split(",") if one.strip()}
