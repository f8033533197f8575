"""`./aipress prove`: each proof can begin. Below its full size it is skipped, and would not notice."""

import os
import subprocess
import sys

from aipress.cli.installation import CHECKOUT
from aipress.cli.proofs import SAYS_IT_IS_A_PROOF, proofs


def test_at_its_full_size_every_proof_finds_what_it_asks_for() -> None:
    planning = [sys.executable, "-P", "-m", "pytest", "--setup-plan", "-q", "-p", "no:cacheprovider"]
    planned = subprocess.run(
        [*planning, *map(str, proofs().values())],
        cwd=CHECKOUT / "backend",
        env={**os.environ, SAYS_IT_IS_A_PROOF: "full"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert planned.returncode == 0, planned.stdout[-5000:] + planned.stderr[-2000:]
