"""The files that belong to the project: what git tracks or would track."""

import subprocess
from pathlib import Path

from checks.said import CHECKOUT


def tracked_files(checkout: Path = CHECKOUT) -> list[Path]:
    """Relative paths of tracked files and of new ones that are not ignored."""
    command = ["git", "-C", str(checkout), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    return [Path(name) for name in sorted(filter(None, listed)) if (checkout / name).is_file()]
