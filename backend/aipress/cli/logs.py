"""`aipress logs`: the end of what a service wrote."""

import os

from aipress.cli.installation import Installation
from aipress.cli.trouble import Trouble


def show(place: Installation, service: str, lines: int, follow: bool) -> None:
    """Become `tail` on the service's file; it also follows the file through rotation."""
    known = {path.stem: path for path in sorted(place.logs.glob("*.log"))}
    if service not in known:
        raise Trouble(
            f"There are no logs of {service[:40]} in {place.data}.",
            f"There are: {', '.join(known) or 'none yet'}.",
        )
    os.execvp("tail", ["tail", "-n", str(lines), *(["-F"] if follow else []), str(known[service])])  # noqa: S606
