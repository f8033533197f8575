"""Whoever takes a single guard away hears of it: every guard of the source is removed, one at a time, and tests must fail.

Guards are found in the source (`finding.py`), not listed. Daily, a sample with every kind; `./aipress prove guards` tries all,
and writes down in `noticed.json` which test noticed each, which is asked first the next time. What it knows can't hide
anything: whoever does not notice it any more is only followed by all the others.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from tests.figures import keep
from tests.guards.finding import AIPRESS, WEAKER, WEAKEST, Mutant, mutants, policies
from tests.guards.trial import BACKEND

FULL = bool(os.environ.get("AIPRESS_PROVE"))
SAMPLE = 10
ORDER = ("check", "use", "filter", "claim", "refusal", "policy")  # what is most easily overlooked comes first
NOTICED = Path(__file__).with_name("noticed.json")
FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/[^\s\[]+)", re.MULTILINE)
DOORS = ["tests/api/test_doors.py"]
# Of each file, or its room: what should notice, quickest first. Whatever is overlooked is shown to everything.
FITTING = {
    "auth/door.py": ["tests/auth/test_door.py", "tests/users/test_vouching.py", *DOORS],
    "auth": ["tests/auth", "tests/users/test_current.py", "tests/users/test_vouching.py"],
    "users/by_firebase.py": ["tests/users/test_by_firebase.py"],
    "users/current.py": ["tests/users/test_current.py", "tests/users/test_vouching.py"],
    "users": ["tests/users/test_current.py", "tests/users/test_users.py", "tests/users/test_sign_in.py"],
    "tenants": [
        "tests/api/test_tenants.py",
        "tests/plans",
        "tests/operations",
        "tests/tenants/test_names.py",
        "tests/api/test_seen.py",
        "tests/api/test_members.py",
        "tests/api/test_in_between.py",
    ],
    "tenants/purging.py": ["tests/api/test_purging.py"],
    "tenants/adjusting.py": ["tests/api/test_adjusting.py", "tests/tenants/test_adjusting.py"],
    "tenants/adjusted.py": ["tests/tenants/test_adjusting.py"],
    "tenants/choosing.py": ["tests/api/test_adjusting.py"],
    "operations/overview.py": ["tests/api/test_seen.py"],
    "operations": ["tests/operations", "tests/api/test_seen.py", "tests/api/test_members.py"],
    "plans/service.py": ["tests/plans", "tests/api/test_fresh.py", "tests/users/test_by_firebase.py"],
    "plans": ["tests/plans"],
    "threads": ["tests/threads"],
    "secrets": ["tests/secrets"],
    "domains": ["tests/domains"],
    "usage": ["tests/usage"],
    "mail": ["tests/mail", "tests/api/test_members.py"],
    "billing": ["tests/billing/test_billing.py"],
    "telemetry": ["tests/telemetry"],
    "audit": ["tests/audit"],
    "events": ["tests/events"],
    "api": ["tests/api/test_idempotency.py", "tests/api/test_health.py", "tests/api/test_problems.py"],
    "chat/mcp/door.py": ["tests/chat/wire/test_mcp_door.py"],
    "chat": ["tests/chat/wire/test_turns.py"],
}
EVERYTHING = [
    *DOORS,
    "tests/plans",
    "tests/threads",
    "tests/operations",
    "tests/secrets",
    "tests/domains",
    "tests/usage",
    "tests/billing/test_billing.py",
    "tests/telemetry",
    "tests/audit",
    "tests/auth",
    "tests/api/test_tenants.py",
    "tests/api/test_in_between.py",
    "tests/api/test_purging.py",
    "tests/api/test_problems.py",
    "tests/api/test_crossing.py",
    "tests/api/test_members.py",
    "tests/api/test_people.py",
    "tests/api/test_overview.py",
    "tests/api/test_fresh.py",
    "tests/api/test_seen.py",
    "tests/events",
    "tests/users",
    "tests/chat/wire/test_turns.py",
    "tests/chat/wire/test_mcp_door.py",
]


@dataclass
class Trials:
    """A process that tries one mutant after the other."""

    process: subprocess.Popen[str]
    known: dict[tuple[str, ...], str] = field(default_factory=dict)
    noticed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.those_that_did = sorted(set(self.noticed.values()))

    def ask(self, path: str, text: str, tests: list[str]) -> tuple[int, str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        there = [test for test in tests if (BACKEND / test.partition("::")[0]).exists()]
        self.process.stdin.write(json.dumps({"path": path, "text": text, "tests": there}) + "\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        return told["code"], told["said"]

    def check_that_all_is_well(self, tests: list[str]) -> None:
        """Tests that fail anyhow would notice every mutant. Daily, the same run says whether they do."""
        if FULL and (key := tuple(tests)) not in self.known:
            code, self.known[key] = self.ask("", "", tests)
            assert code == 0, f"without any mutant: {self.known[key]}"

    def fate_of(self, mutant: Mutant, tests: list[str]) -> str:
        """Whether a test `noticed` it or it was `overlooked`; or `unclear`, when the trial itself went wrong."""
        fate = self._fate_before_the_one_that_did(mutant)
        for asked in (tests, EVERYTHING):
            if fate == "overlooked":
                self.check_that_all_is_well(asked)
                fate = self._fate_before(mutant, asked)
        print(f"{fate}: {mutant}", flush=True)  # noqa: T201
        return fate

    def _fate_before_the_one_that_did(self, mutant: Mutant) -> str:
        """A shorter way for what was noticed the last time."""
        if mutant.name not in self.noticed:
            return "overlooked"
        self.check_that_all_is_well(self.those_that_did)
        return self._fate_before(mutant, [self.noticed[mutant.name]])

    def _fate_before(self, mutant: Mutant, tests: list[str]) -> str:
        code, said = self.ask(mutant.path, mutant.text, tests)
        if code == 1 and FULL and (found := FAILED.findall(said)):
            self.noticed[mutant.name] = found[-1]
            NOTICED.write_text(json.dumps(dict(sorted(self.noticed.items())), indent=1) + "\n")
        return {0: "overlooked", 1: "noticed"}.get(code, f"unclear: {said[-300:]}")


def noted() -> dict[str, str]:
    """Which test noticed each mutant, as far as such a test still stands."""
    known: dict[str, str] = json.loads(NOTICED.read_text())
    return {mutant: test for mutant, test in known.items() if _stands(test)}


def _stands(test: str) -> bool:
    path, *_, name = test.split("::")
    return (BACKEND / path).exists() and f"def {name}(" in (BACKEND / path).read_text()


@pytest.fixture
def trials() -> Iterator[Trials]:
    command = [sys.executable, "-P", "-m", "tests.guards.trial"]
    few = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "pytest_asyncio.plugin,pytest_timeout"}
    none = {"AIPRESS_PROVE": "", "AIPRESS_FIGURES": ""}  # a trial proves nothing of itself
    surroundings = os.environ | few | none | {"PYTHONPATH": str(BACKEND)}
    process = subprocess.Popen(
        command, cwd=BACKEND, env=surroundings, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    yield Trials(process, noticed=noted())
    process.communicate()


def fitting(mutant: Mutant) -> list[str]:
    """What should notice it: for what the table of doors says, that first."""
    room = FITTING.get(mutant.path) or FITTING[mutant.path.partition("/")[0]]
    return [*DOORS, *room] if mutant.kind in ("policy", "claim", "check") else room


def sample(found: list[Mutant]) -> list[Mutant]:
    """One of every kind, and some more: as good as by chance, and the same as long as those guards stand."""
    drawn = sorted(found, key=lambda one: sha256(one.name.encode()).hexdigest())
    first = {mutant.kind: mutant for mutant in reversed(drawn)}
    rest = [mutant for mutant in drawn if mutant not in first.values()]
    return [*first.values(), *rest][:SAMPLE]


@pytest.mark.timeout(7200)
def test_no_guard_can_be_taken_away_unnoticed(trials: Trials) -> None:
    found = mutants()
    tried = sorted(found, key=lambda mutant: ORDER.index(mutant.kind)) if FULL else sample(found)
    fates = {mutant: trials.fate_of(mutant, fitting(mutant)) for mutant in tried}
    for kind in sorted({mutant.kind for mutant in found}):
        of_it = [fate for mutant, fate in fates.items() if mutant.kind == kind]
        keep("guards", **{f"{kind}: taken away": len(of_it), f"{kind}: noticed": of_it.count("noticed")})
        assert of_it, kind
    assert {str(mutant): fate for mutant, fate in fates.items() if fate != "noticed"} == {}


def test_every_policy_has_a_weaker_one() -> None:
    """A policy that is not in the table would be a guard nobody removes."""
    assert policies() - {WEAKEST} == WEAKER.keys()


def test_what_stands_in_the_source_is_found() -> None:
    found = mutants()
    assert {"policy", "filter", "use", "refusal", "check", "claim"} == {mutant.kind for mutant in found}
    assert len(found) > 100
    for mutant in found:
        assert mutant.text != (AIPRESS / mutant.path).read_text()
        compile(mutant.text, mutant.path, "exec")


def test_a_guard_that_no_test_minds_is_told(trials: Trials) -> None:
    """A mutant that changes nothing survives, and one that can't be imported counts for nothing."""
    text = (AIPRESS / "threads/models.py").read_text()
    same = Mutant("none", "threads/models.py", 1, "nothing", text + "\n")
    assert trials.ask(same.path, same.text, ["tests/threads"])[0] == 0
    assert trials.ask(same.path, text + "\nnonsense", ["tests/threads"])[0] not in (0, 1)


@pytest.mark.timeout(600)
def test_bytes_of_others_would_be_seen(trials: Trials) -> None:
    """What finds no byte of one tenant with another finds some as soon as any room shows everything to everybody."""
    looking = ["tests/api/test_crossing.py"]
    trials.check_that_all_is_well(looking)
    weakened = [mutant for mutant in mutants() if mutant.kind == "filter"]
    assert len(weakened) >= 5
    weakened = weakened if FULL else weakened[:1]
    assert [mutant for mutant in weakened if trials.ask(mutant.path, mutant.text, looking)[0] != 1] == []
