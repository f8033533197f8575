"""Decisions have a number each; where two have one, it is said."""

from checks.decisions import DECISIONS, wrong


def test_ours_are_numbered() -> None:
    assert list(wrong({path.name: path.read_text() for path in DECISIONS.iterdir()})) == []


def test_two_of_one_number_are_told() -> None:
    found = list(wrong({"0001-a.md": "# 0001: A", "0002-b.md": "# 0002: B", "0002-c.md": "# 0002: C"}))
    assert found == [
        "0002-c.md is not 0003: a decision takes the next number, and its name is in small letters"
    ]


def test_a_first_line_with_another_number_is_told() -> None:
    assert list(wrong({"0001-a.md": "# 0002: A"})) == ["0001-a.md has to begin with “# 0001: ”"]
