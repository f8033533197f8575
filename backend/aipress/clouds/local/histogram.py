"""How long requests took, as counts in buckets spaced by logarithm: small, added exactly, and true to within two per cent.

Bucket k holds what lies above GROWTH^(k-1) and up to GROWTH^k milliseconds, and answers with the value whose relative distance to
both ends is the same: (GROWTH - 1) / (GROWTH + 1) = ERROR. Adding two histograms is adding counts, so the quantiles of an hour are
those of its minutes' requests, not an average of averages. After DDSketch (Masson, Rim, Lee, VLDB 2019).
"""

import math
import struct
from collections.abc import Mapping

ERROR = 0.02
GROWTH = (1 + ERROR) / (1 - ERROR)
LEAST_MS, MOST_MS = 0.1, 600_000.0
_LOG = math.log(GROWTH)
_PAIR = struct.Struct("<hI")
Histogram = Mapping[int, int]


def bucket_of(milliseconds: float) -> int:
    """The bucket of a duration; what is shorter than LEAST_MS counts as that, what is longer than MOST_MS as that."""
    return math.ceil(math.log(min(max(milliseconds, LEAST_MS), MOST_MS)) / _LOG)


def quantile(counts: Histogram, share: float) -> float | None:
    """The duration that `share` of the requests did not exceed, off by at most ERROR of itself; None where there were none.

    The nearest rank: of n requests, the one at place ceil(share * n), and never before the first.
    """
    rank, seen = max(1, math.ceil(share * sum(counts.values()))), 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen >= rank:
            return float(2 * GROWTH**bucket / (GROWTH + 1))
    return None


def packed(counts: Histogram) -> bytes:
    """Six bytes for each bucket that holds anything."""
    return b"".join(_PAIR.pack(bucket, count) for bucket, count in sorted(counts.items()))


def unpacked(content: bytes) -> dict[int, int]:
    return dict(_PAIR.iter_unpack(content))
