"""What a service writes down: one JSON object a line, whoever in it speaks."""

import json
import subprocess
import sys
from typing import Any

ENOUGH = """
import logging, sys, warnings
from aipress.kit import logs
logs.configure("control", sys.argv[1])
log = logs.get()
log.debug("whispered")
log.info("site made", tenant="ten_1", seconds=0.25)
log.warning("größe\\nzweite Zeile")
logging.getLogger("uvicorn").warning("from the standard library: %s", 7)
logging.getLogger("httpx").info("GET http://secret.example/?token=hunter2")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("it broke")
    logging.getLogger("dbos").exception("it broke there too")
"""


def said(level: str = "info") -> list[dict[str, Any]]:
    """The lines a process of its own writes, which has to write nothing to standard output."""
    done = subprocess.run(
        [sys.executable, "-c", ENOUGH, level], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_every_line_says_when_how_serious_who_and_what() -> None:
    lines = said()
    assert [line["level"] for line in lines] == ["info", "warning", "warning", "error", "error"]
    for line in lines:
        assert {"time", "level", "message", "source", "service"} <= line.keys()
        assert (line["source"], line["service"]) == ("platform", "control")
        assert line["time"].endswith("Z")
    assert (lines[0]["message"], lines[0]["tenant"], lines[0]["seconds"]) == ("site made", "ten_1", 0.25)
    assert lines[1]["message"] == "größe\nzweite Zeile"
    assert lines[2]["message"] == "from the standard library: 7"


def test_a_failure_is_written_with_where_it_happened_on_one_line() -> None:
    ours, theirs = said()[-2:]
    for line in (ours, theirs):
        assert "ZeroDivisionError: division by zero" in line["exception"]


def test_what_is_less_serious_than_asked_for_is_not_written() -> None:
    assert [line["level"] for line in said("error")] == ["error", "error"]
    assert said("debug")[0]["message"] == "whispered"


def test_addresses_that_were_fetched_are_not_written() -> None:
    assert "hunter2" not in json.dumps(said("info"))
