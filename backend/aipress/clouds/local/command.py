"""One command of this machine: an argument list, a deadline, and failure said in our own words."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from aipress.errors import CloudBusy, CloudRefused

LAST_WORDS = 600


def run(
    argv: Sequence[str | Path],
    *,
    seconds: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> str:
    """What the command printed. CloudRefused when it fails or is missing, CloudBusy when it outlives its deadline.

    Never give it a secret in `argv`: other users of the machine can read it.
    """
    name = Path(argv[0]).name
    try:
        done = subprocess.run(
            [str(part) for part in argv],
            cwd=cwd,
            env=env,
            input=stdin,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise CloudRefused(
            f"{name} is not installed here. Run `./aipress up` to install what is missing."
        ) from None
    except subprocess.TimeoutExpired:
        raise CloudBusy(f"{name} did not finish within {seconds:g} s. It was stopped; try again.") from None
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).decode(errors="replace")[-LAST_WORDS:]
        raise CloudRefused(f"{name} ended with {done.returncode}: {said}")
    return done.stdout.decode(errors="replace")
