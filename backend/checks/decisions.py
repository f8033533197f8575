"""Decisions are numbered as they were taken: one number each, none left out, the same in the file's name and its first line."""

import re
from collections.abc import Iterator, Mapping

from checks.said import CHECKOUT, end

DECISIONS = CHECKOUT / "docs/decisions"
NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


def main() -> None:
    """Look at every record there is."""
    end(wrong({path.name: path.read_text() for path in DECISIONS.iterdir()}))


def wrong(files: Mapping[str, str]) -> Iterator[str]:
    """What is numbered otherwise. `files` are texts by name, such as `0002-one-port.md`."""
    for place, name in enumerate(sorted(files), 1):
        expected = f"{place:04}"
        if not name.startswith(f"{expected}-") or not NAME.fullmatch(name):
            yield f"{name} is not {expected}: a decision takes the next number, and its name is in small letters"
        elif not files[name].startswith(f"# {expected}: "):
            yield f"{name} has to begin with “# {expected}: ”"


if __name__ == "__main__":
    main()
