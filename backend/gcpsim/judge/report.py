"""Sums verdicts up: how many, by API, and every disagreement with its reason."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from gcpsim.judge.recordings import recordings_in
from gcpsim.judge.replay import Verdict, judge
from gcpsim.wire import Json

OUR_SURFACE = (
    "run",
    "sql",
    "secretmanager",
    "storage",
    "dns",
    "certificatemanager",
    "iam",
    "logging",
    "monitoring",
    "bigquery",
)
"""The APIs AIPress uses: judged apart, and more strictly."""


def judged(folder: Path, only: Callable[[str], bool] = lambda file: True) -> list[Verdict]:
    """The verdicts on every request of a folder's recordings."""
    return [
        verdict for recording in recordings_in(folder) if only(recording.file) for verdict in judge(recording)
    ]


def report(verdicts: Iterable[Verdict]) -> Json:
    """Counts, and what differs."""
    verdicts = list(verdicts)
    apis = sorted({verdict.api for verdict in verdicts})
    return {
        **_counts(verdicts),
        "our_surface": _counts([verdict for verdict in verdicts if verdict.api in OUR_SURFACE]),
        "by_api": {api: _counts([verdict for verdict in verdicts if verdict.api == api]) for api in apis},
        "disagreements": [
            {
                "file": one.file,
                "request": one.request,
                "expected": one.expected,
                "got": one.got,
                "reason": one.reason,
            }
            for one in verdicts
            if not one.agrees
        ],
    }


def unread(folder: Path) -> int:
    """How many blocks of a folder's files are no exchange, and so are not judged."""
    return sum(recording.unread for recording in recordings_in(folder))


def _counts(verdicts: list[Verdict]) -> Json:
    return {"requests": len(verdicts), "agree": sum(verdict.agrees for verdict in verdicts)}


def written(summary: Json, *, as_json: bool) -> str:
    """The report for people, or as JSON."""
    if as_json:
        return json.dumps(summary, indent=2)
    lines = [f"{_share(summary)} of all, {_share(summary['our_surface'])} of what AIPress uses"]
    lines += [f"  {api}: {_share(counts)}" for api, counts in summary["by_api"].items()]
    lines += [
        f"{one['file']}: {one['request']}: {one['expected']}, not {one['got']}. {one['reason']}"
        for one in summary["disagreements"]
    ]
    return "\n".join(lines)


def _share(counts: Json) -> str:
    share = 100 * counts["agree"] / counts["requests"] if counts["requests"] else 0.0
    return f"{counts['agree']} of {counts['requests']} ({share:.1f} %)"
