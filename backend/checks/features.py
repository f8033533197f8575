"""docs/features.md keeps its word: every feature of the backlog is in it, and what it names exists.

A row is `| ID | feature | code | test |`; code and test hold paths in backquotes, or the words `not yet`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from checks.said import CHECKOUT, end

ROW = re.compile(r"^\|\s*(\d+\.\d+\.\d+)\s*\|([^|]*)\|([^|]*)\|([^|]*)\|\s*$", re.MULTILINE)
NOT_YET = "not yet"


def main() -> None:
    """Hold docs/features.md against docs/backlog-ids.txt and the tree."""
    wanted = (CHECKOUT / "docs/backlog-ids.txt").read_text().split()
    end(wrong_rows((CHECKOUT / "docs/features.md").read_text(), wanted, CHECKOUT))


def wrong_rows(table: str, wanted: list[str], checkout: Path) -> Iterator[str]:
    """What is missing, unknown, said twice, or names a path that does not exist."""
    rows = ROW.findall(table)
    listed = [row[0] for row in rows]
    yield from (f"{one} is missing" for one in wanted if one not in listed)
    yield from (f"{one} is in no backlog" for one in listed if one not in wanted)
    yield from (
        f"{one} is there {listed.count(one)} times" for one in sorted(set(listed)) if listed.count(one) > 1
    )
    for identity, _feature, code, test in rows:
        yield from _wrong_cell(identity, "code", code, checkout)
        yield from _wrong_cell(identity, "test", test, checkout)


def _wrong_cell(identity: str, what: str, cell: str, checkout: Path) -> Iterator[str]:
    paths = re.findall(r"`([^`]+)`", cell)
    if not paths and not cell.strip().startswith(NOT_YET):
        yield f"{identity}: its {what} is neither a path nor “{NOT_YET}”"
    for path in paths:
        if not (checkout / path.partition("::")[0]).exists():
            yield f"{identity}: there is no {path}"


if __name__ == "__main__":
    main()
