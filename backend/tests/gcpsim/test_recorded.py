"""The simulator against what Google really said: shares to hold, on both halves, and a judge that notices what is wrong.

The recordings are not part of the project: AIPRESS_GCP_RECORDED names their folder, or it lies beside the checkout.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest

from gcpsim.judge.recordings import Exchange, Recording, recordings_in
from gcpsim.judge.replay import judge
from gcpsim.judge.report import OUR_SURFACE, judged, report
from gcpsim.wire import Json

CHECKOUT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("AIPRESS_GCP_RECORDED") or CHECKOUT.parent / "shared" / "data" / "gcp-recorded")
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"there are no recordings at {FOLDER} (AIPRESS_GCP_RECORDED)"
)


def share(counts: Json) -> float:
    return float(counts["agree"] / counts["requests"])


@pytest.mark.parametrize("half", [0, 1])
def test_each_half_of_the_recordings_is_judged_as_google_did(half: int) -> None:
    summary = report(judged(FOLDER, lambda file: crc32(file.encode()) % 2 == half))
    told = json.dumps(summary["disagreements"], indent=1)
    assert share(summary) >= 0.97, told
    assert share(summary["our_surface"]) >= 0.99, told


def test_each_api_we_use_is_judged_as_google_did() -> None:
    summary = report(judged(FOLDER))
    assert set(OUR_SURFACE) <= set(summary["by_api"])
    least = min((share(summary["by_api"][api]), api) for api in OUR_SURFACE)
    assert least[0] >= 0.99, (least, json.dumps(summary["disagreements"], indent=1))
    assert len(summary["disagreements"]) <= 1, json.dumps(summary["disagreements"], indent=1)


def spoilt(exchange: Exchange) -> Iterator[Exchange]:
    """The same request with something in it that Google would have refused."""
    body = exchange.body or {}
    yield replace(exchange, body={**body, "aipressFlavour": 1})
    for name, value in body.items():
        if isinstance(value, dict) and name not in {"labels", "userLabels"}:
            yield replace(exchange, body={**body, name: "text"})
        elif isinstance(value, bool):
            yield replace(exchange, body={**body, name: "perhaps"})
        elif isinstance(value, str):
            yield replace(exchange, body={**body, name: {"not": "text"}})


def test_a_spoilt_request_is_noticed() -> None:
    """Half-wrong is not let through: whoever accepted everything would agree with all recordings, and with none of these."""
    noticed = tried = 0
    for recording in list(recordings_in(FOLDER))[::3]:
        for at, exchange in enumerate(recording.exchanges):
            lax = "storage.googleapis.com" in exchange.host or exchange.method == "GRPC"
            if (
                exchange.method in {"POST", "PATCH", "PUT"}
                and exchange.status == 200
                and exchange.body
                and not lax
            ):
                for wrong in list(spoilt(exchange))[:2]:
                    told = Recording(recording.file, (*recording.exchanges[:at], wrong))
                    tried += 1
                    noticed += list(judge(told))[-1].got == 400
    assert tried > 100
    assert noticed >= 0.95 * tried, f"{noticed} of {tried}"


def test_what_the_simulator_says_does_not_hang_on_what_google_said() -> None:
    """Whichever request's recorded status is turned into another, the verdict's own half stays."""
    for recording in list(recordings_in(FOLDER))[::5]:
        told = [verdict.got for verdict in judge(recording)]
        for at in range(0, len(told), 7):
            exchanges = list(recording.exchanges)
            exchanges[at] = replace(exchanges[at], status=418 if exchanges[at].status < 300 else 200)
            turned = list(judge(Recording(recording.file, tuple(exchanges))))
            assert turned[at].got == told[at], turned[at]


NAMED = re.compile(r"/(?!projects/|locations/)([a-z][A-Za-z]+)/([^/?\"\s:&@]*\$\{uniqueId\}[^/?\"\s:&@]*)")


def test_recordings_whose_ids_are_hidden_are_judged_nearly_as_well(tmp_path: Path) -> None:
    """Every id in a path turned into its kind's placeholder, as other recordings have it: what was meant has to be found out."""
    for path in FOLDER.glob("*.log"):
        hidden = NAMED.sub(lambda found: f"/{found[1]}/${{{found[1]}ID}}", path.read_text())
        (tmp_path / path.name).write_text(hidden)
    summary = report(judged(tmp_path))
    assert share(summary) >= 0.99, json.dumps(summary["disagreements"], indent=1)
