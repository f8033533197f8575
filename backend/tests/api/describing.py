"""Runs schemathesis against an app that is served on loopback, and tells what it did and found."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from tests.make import Headers
from tests.waiting import until

BACKEND = Path(__file__).resolve().parents[2]
PHASES = ("examples", "coverage", "fuzzing", "stateful")
# What is not asked, by path, and why.
NOT_ASKED = {
    "/(events|stream)$": "a stream has no end to wait for; tests/operations, tests/api and tests/telemetry listen to these"
}
# What is not held against an answer, and why.
NOT_CHECKED = {
    "positive_data_acceptance": "a schema can't say whether an action can be planned, a name was typed rightly or a "
    "cursor was ever ours: those get 422 and a sentence, as the rooms' own tests show",
}

SEQUENCES = "[phases.stateful.generation]\nmax-examples = {}\n"


@dataclass
class Told:
    """What was done and found: cases by phase, links followed (by both ends), statuses, failures."""

    phases: dict[str, str] = field(default_factory=dict)
    cases: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __add__(self, other: "Told") -> "Told":
        return Told(
            self.phases | other.phases,
            self.cases + other.cases,
            self.links + other.links,
            self.statuses + other.statuses,
            self.failures + other.failures,
        )

    def answered(self, kind: int) -> int:
        """How many answers were of this hundred."""
        return sum(count for status, count in self.statuses.items() if status // 100 == kind)


@asynccontextmanager
async def served(app: FastAPI, corner: Path) -> AsyncIterator[list[str]]:
    """The app on a free port of loopback; where schemathesis finds it and its description."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())

    async def is_up() -> bool:
        return server.started

    await until(is_up)
    description = corner / "openapi.json"
    description.write_text(json.dumps(app.openapi()))
    yield [str(description), f"--url=http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"]
    server.should_exit = True
    await serving


async def ask_everything(
    place: list[str], shown: Headers, examples: int, corner: Path, own: str = ""
) -> Told:
    """All that the description allows and some that it does not, `examples` made-up requests an operation, in every phase.

    `own` is the account of whoever asks: it is left alone.
    """
    options = [
        f"--phases={','.join(PHASES)}",
        f"--max-examples={examples}",
        "--checks=all",
        f"--exclude-checks={','.join(NOT_CHECKED)}",
        *(f"--exclude-path-regex={path}" for path in NOT_ASKED),
        *(f"--header={name}: {value}" for name, value in shown.items()),
        *("--continue-on-failure", "--seed=3", "--no-color", "--suppress-health-check=all"),
        *("--generation-database=none", "--report-ndjson-path=all.ndjson", "--report-json-path=summary.json"),
    ]
    corner.mkdir(parents=True, exist_ok=True)
    (corner / "schemathesis.toml").write_text(SEQUENCES.format(4 * examples))
    spared = {"PYTHONPATH": str(BACKEND), "SCHEMATHESIS_HOOKS": "tests.api.sparing", "SPARED_ACCOUNT": own}
    with open(corner / "said", "wb") as said:
        command = (sys.executable, "-m", "schemathesis.cli", "run", *place, *options)
        running = await asyncio.create_subprocess_exec(
            *command, stdout=said, stderr=said, cwd=corner, env=os.environ | spared
        )
        await running.wait()
    assert (corner / "summary.json").exists(), (corner / "said").read_text()[-3000:]
    return _told(corner)


def _told(corner: Path) -> Told:
    summary = json.loads((corner / "summary.json").read_text())
    told = Told({name: one["status"] for name, one in summary["phases"].items()})
    for scenario in _scenarios(corner / "all.ndjson"):
        _count(told, scenario["recorder"], scenario["phase"])
    told.failures = [json.dumps(one)[:2000] for one in (*summary["failures"], *summary["errors"])]
    return told


def _scenarios(events: Path) -> Iterator[dict[str, Any]]:
    with open(events) as lines:
        for line in lines:
            if line.startswith('{"ScenarioFinished"'):
                yield json.loads(line)["ScenarioFinished"]


def _count(told: Told, recorder: dict[str, Any], phase: str) -> None:
    answers = recorder.get("interactions", {})
    told.cases[phase] += len(answers)
    told.statuses.update(one["response"]["status_code"] for one in answers.values() if one.get("response"))
    cases = recorder.get("cases", {})
    for case in cases.values():
        if case.get("is_transition_applied"):
            told.links[f"{_named(cases.get(case.get('parent_id')))} → {_named(case)}"] += 1


def _named(case: dict[str, Any] | None) -> str:
    return f"{case['value']['method']} {case['value']['path']}" if case else "?"
