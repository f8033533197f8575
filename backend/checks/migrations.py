"""Migrations are one line, each numbered as its file and built on the one before: two that are the same number stop every start."""

import re
from collections.abc import Iterator, Mapping

from checks.said import CHECKOUT, end

VERSIONS = CHECKOUT / "backend/migrations/versions"
SAYS = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)


def main() -> None:
    """Look at every migration there is."""
    end(broken({path.name: path.read_text() for path in VERSIONS.glob("*.py")}))


def broken(files: Mapping[str, str]) -> Iterator[str]:
    """Where the line breaks. `files` are texts by name, such as `0002_more_tables.py`."""
    before = ""
    for place, name in enumerate(sorted(files), 1):
        said, expected = dict(SAYS.findall(files[name])), f"{place:04}"
        if not name.startswith(f"{expected}_") or said.get("revision") != expected:
            yield f"{name} is not {expected}: rename it, and say so in its revision"
        if said.get("down_revision", "") != before:
            yield f"{name} has to be built on {before or 'nothing'}: say so in its down_revision"
        before = expected


if __name__ == "__main__":
    main()
