"""How much goes wrong, and how much of it belongs to a fact: by the requests both know, otherwise by counting."""

from dataclasses import dataclass

from aipress.telemetry.diagnosis.evidence import Evidence, Fact

FEW_FAILURES, FEW_SLOW = 3, 3
MANY_PERCENT = 20
LONG_MS = 1000
UNSURE = 0.8  # of what is only counted, and not known by its requests


@dataclass(frozen=True)
class Trouble:
    """The failed and the slow requests of some evidence; both None where everything is well."""

    requests: int
    failures: Fact | None
    slow: Fact | None

    @property
    def is_there(self) -> bool:
        """Whether so much fails or is slow that visitors notice. One page that was slow once is no trouble."""
        return self.fails or self.is_slow

    @property
    def fails(self) -> bool:
        failed = self.failures.number("failed") if self.failures else 0
        return failed >= min(FEW_FAILURES, max(1, self.requests // 2))

    @property
    def is_slow(self) -> bool:
        slow = self.slow
        return (
            slow is not None
            and slow.number("slow") >= FEW_SLOW
            and slow.number("slow_percent") >= MANY_PERCENT
        )

    def failures_of(self, fact: Fact) -> float:
        """The part of the failed requests that are this fact's, from 0 to 1."""
        if self.failures is None:
            return 0.0
        if fact.requests and self.failures.requests:
            return _part(fact.requests, self.failures.requests)
        return UNSURE * min(1.0, fact.number("count") / max(1, self.failures.number("failed")))

    def slowness_of(self, fact: Fact, times: int) -> float:
        """The part of the slow requests that are this fact's; on a quiet site, where each may have had to wait for PHP, of all."""
        known = 0.0
        if self.slow and fact.requests and self.slow.requests:
            known = _part(fact.requests, self.slow.requests)
        elif self.slow:
            known = UNSURE * min(1.0, fact.number("total_ms") / max(1, self.slow.number("total_ms")))
        long = fact.number("mean_ms") >= LONG_MS
        return max(known, UNSURE * min(1.0, times / max(1, self.requests)) if long else 0.0)


def trouble_in(evidence: Evidence) -> Trouble:
    """The trouble that the evidence knows of."""
    traffic = evidence.one("traffic")
    requests = traffic.number("requests") if traffic else 0
    return Trouble(requests, evidence.one("failures"), evidence.one("slow_requests"))


def _part(of: frozenset[str], whole: frozenset[str]) -> float:
    return len(of & whole) / len(whole)
