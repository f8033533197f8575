"""Badly chosen names are found, and other people's names are left alone."""

from pathlib import Path

import pytest

from checks.words import wrong_words

ROOM = '"""A room."""\n'


@pytest.mark.parametrize(
    "name", ["utils", "util", "helpers", "test_helper", "site_manager", "common", "misc"]
)
def test_a_file_named_after_nothing_is_named(name: str) -> None:
    assert list(wrong_words(Path(f"{name}.py"), ROOM)) == [f"{name}.py: name it after what it is for"]


@pytest.mark.parametrize("name", ["handle_request", "process_list", "do_it", "_process_rows", "_handle_x"])
@pytest.mark.parametrize("word", ["def", "async def"])
def test_a_function_that_does_not_say_what_it_does_is_named(name: str, word: str) -> None:
    found = list(wrong_words(Path("a.py"), f"{ROOM}class A:\n    {word} {name}(self): ...\n"))
    assert found == [f"a.py:3: {name} does not say what it does"]


def test_a_file_that_does_not_say_what_room_it_is_is_named() -> None:
    assert list(wrong_words(Path("a.py"), "x = 1\n")) == [
        "a.py: it opens with no line saying what room this is"
    ]
    assert list(wrong_words(Path("__init__.py"), "\n")) == []


@pytest.mark.parametrize(
    "text",
    [
        "def do_GET(self): ...",
        "def process_bind_param(self): ...",
        "def undo_it(): ...",
        "def processing(): ...",
        "def make_handle(): ...",
        "handle_x = 1",
    ],
)
def test_good_names_and_names_of_somebody_elses_contract_are_accepted(text: str) -> None:
    assert list(wrong_words(Path("sites.py"), f"{ROOM}{text}\n")) == []


def test_a_name_that_only_begins_alike_is_accepted() -> None:
    for name in ("utilities", "commons", "managed", "test_commonwealth"):
        assert list(wrong_words(Path(f"{name}.py"), ROOM)) == []
