"""docs/features.md is held to its word."""

from pathlib import Path

from checks.features import wrong_rows

GOOD = """
# Features
| ID | feature | code | test |
|---|---|---|---|
| 1.1.1 | sites | `backend/tenants.py`, `frontend` | `backend/tests/test_tenants.py::test_a_site` |
| 1.1.2 | domains | not yet | not yet (needs DNS) |
"""
WANTED = ["1.1.1", "1.1.2"]


def checkout(tmp_path: Path) -> Path:
    for name in ("backend/tenants.py", "backend/tests/test_tenants.py", "frontend/src/app.ts"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def wrong(table: str, tmp_path: Path) -> list[str]:
    return list(wrong_rows(table, WANTED, checkout(tmp_path)))


def test_a_table_that_is_true_is_accepted(tmp_path: Path) -> None:
    assert wrong(GOOD, tmp_path) == []


def test_a_feature_of_the_backlog_that_is_missing_is_named(tmp_path: Path) -> None:
    table = "\n".join(line for line in GOOD.splitlines() if "1.1.2" not in line)
    assert wrong(table, tmp_path) == ["1.1.2 is missing"]


def test_a_feature_nobody_planned_is_named(tmp_path: Path) -> None:
    assert wrong(GOOD + "| 9.9.9 | more | not yet | not yet |\n", tmp_path) == ["9.9.9 is in no backlog"]


def test_a_feature_that_stands_there_twice_is_named(tmp_path: Path) -> None:
    assert wrong(GOOD + "| 1.1.2 | again | not yet | not yet |\n", tmp_path) == ["1.1.2 is there 2 times"]


def test_a_path_that_is_not_there_is_named_in_either_column(tmp_path: Path) -> None:
    table = GOOD.replace("backend/tenants.py", "backend/gone.py").replace("test_tenants", "test_gone")
    assert wrong(table, tmp_path) == [
        "1.1.1: there is no backend/gone.py",
        "1.1.1: there is no backend/tests/test_gone.py::test_a_site",
    ]


def test_a_cell_that_says_nothing_is_named(tmp_path: Path) -> None:
    table = GOOD.replace("not yet (needs DNS)", "soon")
    assert wrong(table, tmp_path) == ["1.1.2: its test is neither a path nor “not yet”"]
