"""A failed answer in the terminal: what happened, and the offer to have it without the language model."""

from collections.abc import Iterator
from typing import cast

import pytest

from aipress.cli import say
from aipress.cli.assistant import AnswerFailed, Assistant
from aipress.cli.chat import listen
from aipress.cli.say import Document

FAILED: Document = {"code": "model_slow", "ref": "0a1b2c3d", "detail": "It took too long.", "offline": True}


class Failing:
    """An assistant whose language model failed as it was told."""

    def __init__(self, told: Document) -> None:
        self.told = told
        self.asked_offline = 0

    def say(self, _: str) -> Iterator[Document]:
        yield {"type": "start"}
        raise AnswerFailed(self.told)

    def answer_offline(self) -> Iterator[Document]:
        self.asked_offline += 1
        yield {"type": "text-delta", "delta": "You have no sites yet."}


def _listen(failing: Failing, quiet: bool = False) -> str:
    return listen(cast(Assistant, failing), "list my sites", quiet).words


def test_whoever_agrees_gets_the_answer_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(say, "agrees", lambda question: bool(asked.append(question) or True))
    assert _listen(Failing(FAILED)) == "You have no sites yet."
    assert asked == ["It took too long. Answer without it?"]


def test_without_a_terminal_the_failure_says_itself_and_where_to_look() -> None:
    failing = Failing(FAILED)
    with pytest.raises(AnswerFailed) as failed:
        _listen(failing)
    assert failed.value.what == "It took too long."
    assert "0a1b2c3d" in failed.value.remedy
    assert failing.asked_offline == 0


def test_where_it_would_not_help_it_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(say, "agrees", lambda _: True)
    with pytest.raises(AnswerFailed):
        _listen(Failing({**FAILED, "offline": False}))
    with pytest.raises(AnswerFailed):
        _listen(Failing(FAILED), quiet=True)
