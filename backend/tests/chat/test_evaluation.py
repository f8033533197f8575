"""Scoring an engine: what counts as right, what is counted as a misfire, and which files are refused."""

import json
from collections.abc import Iterable, Sequence

import pytest

from aipress.chat.evaluation import Expected, agrees, is_same, read_lines, score, seconds_of
from aipress.chat.understanding import Explained, Sentence, Understanding
from aipress.errors import Invalid


def saying(*answers: Explained) -> Understanding:
    """An engine that answers with these, whatever it is asked."""

    def understand(sentences: Sequence[Sentence]) -> Iterable[Explained]:
        assert len(sentences) == len(answers)
        return answers

    return understand


def line(expect: object, text: str = "say", **more: object) -> str:
    return json.dumps(
        {"text": text, "sites": ["shop"], "role": "tenant", "thread": [], "expect": expect, **more}
    )


DELETE: Explained = {"action": "DELETE_SITE", "arguments": {"tenant": "shop"}}
LOOK: Explained = {"action": "GET_SITE", "arguments": {"tenant": "shop"}}


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("PT90M", "PT1H30M"),
        ("P14D", "P2W"),
        ("P7D", "p7d"),
        ("P1D", "PT24H"),
        ("P1M", "P30D"),
        ("Sunrise Bakery", "sunrise bakery "),
        ("P-Town Books", "p-town books"),
        (None, None),
    ],
)
def test_the_same_is_the_same_however_it_is_written(expected: object, found: object) -> None:
    assert is_same(expected, found)


@pytest.mark.parametrize(
    ("expected", "found"),
    [("PT1H", "PT1M"), ("P1M", "PT1M"), ("shop", "shops"), ("shop", None), (None, "shop"), ("P", "PT")],
)
def test_something_else_is_something_else(expected: object, found: object) -> None:
    assert not is_same(expected, found)


def test_only_whole_durations_are_durations() -> None:
    assert seconds_of("P1DT12H") == 36 * 3600
    assert [seconds_of(text) for text in ("P", "PT", "P1", "1D", "Pearl", "P1DT")] == [None] * 6


def test_arguments_are_compared_on_the_keys_given() -> None:
    got = {"action": "GET_LOGS", "arguments": {"tenant": "shop", "level": "error", "since": "PT60M"}}
    assert agrees(Expected(action="GET_LOGS", arguments={"tenant": "shop", "since": "PT1H"}), got)
    assert not agrees(Expected(action="GET_LOGS", arguments={"tenant": "blog"}), got)
    assert not agrees(Expected(action="GET_LOGS", arguments={"source": "php"}), got)
    assert not agrees(Expected(ask="tenant"), got)
    assert not agrees(Expected(decline=True), got)
    assert agrees(Expected(ask="tenant"), {"ask": "tenant"})
    assert not agrees(Expected(ask="tenant"), {"ask": "name"})
    assert agrees(Expected(decline=True), {"decline": True})
    assert not agrees(Expected(decline=True), {"failed": "garbage"})


def test_misfires_are_what_was_understood_and_not_meant_also_as_a_later_wish() -> None:
    lines = read_lines(
        "\n".join([line(DELETE), line(LOOK), line({"decline": True}), line({"ask": "tenant"})])
    )
    found = score(lines, saying(DELETE, DELETE, {**LOOK, "then": [DELETE]}, {"ask": "tenant"}))
    assert (found.total, found.correct, found.share) == (4, 2, 0.5)
    assert found.misfires["DELETE_SITE"] == 2
    assert {count for action, count in found.misfires.items() if action != "DELETE_SITE"} == {0}
    assert [one["expect"] for one in found.wrong] == [LOOK, {"decline": True}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (line(LOOK) + "\n\n{nonsense", "Line 3 is no JSON"),
        (line({}), "Line 1 is not a sentence with what to expect: expect: expect one of"),
        (line({"decline": False}), "Line 1"),
        (line({"ask": "tenant", "decline": True}), "Line 1"),
        (line({"action": "HELP", "argumets": {}}), "argumets"),
        (line(LOOK, text=""), "Line 1"),
        (line(LOOK, role="king"), "role"),
        (line(LOOK, sites="shop"), "sites"),
        ("[]", "Line 1"),
        ("\n \n", "no sentence"),
    ],
)
def test_a_bad_line_is_named(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read_lines(text)


def test_what_a_line_leaves_out_is_nobody_special_with_no_sites() -> None:
    (read,) = read_lines('\ufeff{"text": "hi \u2028 there", "expect": {"action": "HELP"}}\r\n')
    assert read.sentence == Sentence("hi \u2028 there")
