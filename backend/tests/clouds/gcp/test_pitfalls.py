"""Every known trap of building on Google Cloud has a test named after its number, in the room it belongs to."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

PITFALLS = {
    1: "a label on the service alone reaches no bill",
    2: "a database user of the Admin API's reads every tenant",
    3: "cpuIdle unsaid, waiting costs processor time",
    4: "less than one processor goes with no bucket and one request at a time",
    5: "folders of a plain bucket can't be renamed",
    6: "two writers of a mounted file overwrite each other",
    7: "a project's region has 1,000 services",
    8: "an instance has 50,000 tables",
    9: "a cache's key without the host mixes tenants",
    10: "500 purges a minute",
    11: "the firewall's unsaid sensitivity refuses wp-admin",
    12: "a URL map written on an old reading loses what came between",
    13: "a wildcard certificate is of one label",
    14: "a domain somebody left is taken over",
    15: "a filter that a model wrote asks for everybody's lines",
    16: "a thought's signature that is left out ends a conversation",
    17: "a model is turned off",
    18: "google-genai and google-cloud-aiplatform want other versions of each other",
    19: "an emulator's token is signed by nobody",
    20: "a claim is up to an hour old",
    21: "a zero is not on the wire",
    22: "a client tries again for minutes",
    23: "NUMERIC becomes three decimals",
    24: "credits and labels multiply rows",
    25: "an instance exports one at a time",
    26: "an account made again inherits grants",
    27: "what was deleted softly is paid for",
    28: "a secret read as latest changes for nobody",
    29: "a site runs as the project's own account",
    30: "an error without a status",
}
NAMED = re.compile(r"^(?:async )?def test_pitfall_(\d\d)_", re.MULTILINE)
TESTS = Path(__file__).parents[2]


def numbers(texts: Iterable[str]) -> Counter[int]:
    """How many tests there are for each number."""
    return Counter(int(number) for text in texts for number in NAMED.findall(text))


def test_each_of_the_thirty_has_a_test_and_no_other_number_has_one() -> None:
    assert list(PITFALLS) == list(range(1, 31))
    found = numbers(path.read_text() for path in TESTS.rglob("test_*.py"))
    assert {number: told for number, told in PITFALLS.items() if not found[number]} == {}
    assert set(found) == set(PITFALLS)


def test_a_missing_one_would_be_missed() -> None:
    told = "".join(f"def test_pitfall_{number:02}_x() -> None: ...\n" for number in PITFALLS if number != 16)
    assert set(PITFALLS) - set(numbers([told])) == {16}
