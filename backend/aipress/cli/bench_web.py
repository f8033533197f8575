"""What a person feels of the app: how much must arrive, how soon it is painted, whether it jumps. Beside it, WordPress's own dashboard.

`frontend/tools/bench-web.mjs` plays and measures in a real browser; `frontend/scripts/size.mjs` weighs the build.
"""

import json
import subprocess
from pathlib import Path

from aipress.cli.bench_platform import Bench, Tell, platform
from aipress.cli.installation import CHECKOUT
from aipress.cli.machine.frontend import build
from aipress.cli.machine.node import node_environment
from aipress.cli.testing import ensure_test_packages, ensure_tools
from aipress.cli.trouble import Trouble

FRONTEND = CHECKOUT / "frontend"
PATIENCE = 900  # seconds for the browser's part


def measure(tell: Tell) -> dict[str, float]:
    """Sizes in kB (1,000 bytes, gzip), Lighthouse scores from 0 to 100 (medians of 3), times in milliseconds.

    `lcp_ms` and `lighthouse_mobile` are of Lighthouse's slow phone, `cls` of a whole conversation on a desktop.
    """
    ensure_test_packages()
    environment = node_environment(CHECKOUT)
    ensure_tools()
    with platform({}, tell) as bench:
        weighed = _weigh(environment)
        return {"js_chat_gz_kb": weighed, **_play(bench, environment)}


def _weigh(environment: dict[str, str]) -> float:
    """The JavaScript that must arrive before the chat is usable, from a fresh build's manifest."""
    build(FRONTEND, CHECKOUT)
    sizes: dict[str, dict[str, int]] = json.loads(_node(["scripts/size.mjs"], environment, accepted=(0, 1)))
    return round(sizes["first_page"]["gz"] / 1000, 1)


def _play(bench: Bench, environment: dict[str, str]) -> dict[str, float]:
    with bench.operator() as operator:
        link = operator.post("/api/auth/admin-link").json()["url"]
    figures: dict[str, float] = json.loads(
        _node(["tools/bench-web.mjs"], environment | {"AIPRESS_URL": bench.url, "AIPRESS_LINK": link})
    )
    return figures


def _node(command: list[str], environment: dict[str, str], accepted: tuple[int, ...] = (0,)) -> str:
    """What a script of ours printed; what it is doing goes straight to standard error."""
    done = subprocess.run(
        ["node", *command],
        cwd=FRONTEND,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode not in accepted:
        raise Trouble(f"{Path(command[0]).name} failed (code {done.returncode}); what it said is above.")
    return done.stdout
