"""Migrations are one line; where they are not, it is said."""

from checks.migrations import VERSIONS, broken

ONE = 'revision = "0001"\ndown_revision = None\n'
TWO = 'revision = "0002"\ndown_revision = "0001"\n'
THREE = 'revision = "0003"\ndown_revision = "0002"\n'


def test_ours_are_one_line() -> None:
    assert list(broken({path.name: path.read_text() for path in VERSIONS.glob("*.py")})) == []


def test_a_line_is_not_broken() -> None:
    assert list(broken({"0001_a.py": ONE, "0002_b.py": TWO, "0003_c.py": THREE})) == []


def test_two_that_are_the_second_are_said_to_break_it() -> None:
    found = list(broken({"0001_a.py": ONE, "0002_b.py": TWO, "0002_c.py": TWO}))
    assert found == [
        "0002_c.py is not 0003: rename it, and say so in its revision",
        "0002_c.py has to be built on 0002: say so in its down_revision",
    ]


def test_a_gap_and_a_file_that_says_nothing_are_said_to_break_it() -> None:
    assert len(list(broken({"0001_a.py": ONE, "0003_c.py": THREE}))) == 2
    assert list(broken({"0001_a.py": ""})) == ["0001_a.py is not 0001: rename it, and say so in its revision"]
