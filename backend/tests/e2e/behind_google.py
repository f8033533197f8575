"""What the journey on the simulator asks: the platform, the simulator behind it, and the machine's containers."""

import re
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.platform import Platform

LASTING = re.compile(r"^(logging/entries/|monitoring/)|/operations/|/aclPolicies/sites/revisions/|/jobs/")
"""What outlives a site: its lines and figures until they are old, and the record of what was done."""


def uploaded(google: Platform) -> set[str]:
    """The names of the objects in the site's bucket, without their folders."""
    bucket = f"aipress-sim-w{environment(google)}"
    found = at_google(google, f"/storage/storage/v1/b/{bucket}/o").get("items", [])
    return {Path(one["name"]).name for one in found}


def told(google: Platform, path: str, **asked: str) -> Any:
    with google.operator(timeout=60) as client:
        answer = client.get(f"/api{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def environment(google: Platform) -> str:
    return str(told(google, "/tenants/sunrise-bakery")["environments"][0]["id"])


def at_google(google: Platform, path: str, body: dict[str, str] | None = None) -> Any:
    """What the simulator answers, at Google's APIs or its own door."""
    with httpx.Client(base_url=f"http://127.0.0.1:{google.port + 19}", timeout=60) as asked:
        answer = asked.get(path) if body is None else asked.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def things(google: Platform) -> set[str]:
    """What there is in the simulator, but for what lasts."""
    names = at_google(google, "/_gcpsim/resources")["names"]
    return {name for name in names if not LASTING.search(name)}


def containers(google: Platform) -> list[str]:
    """Of this platform's simulator that run."""
    return run(
        "podman",
        "ps",
        "--filter",
        f"label=gcpsim.home={google.data}/gcpsim/instances",
        "--format",
        "{{.Names}}",
    ).split()


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
