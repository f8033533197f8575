"""What an engine would do with a sentence, without doing it: the one question behind `chat --explain` and `eval`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aipress.chat.offline.decide import Caller, understand
from aipress.chat.offline.directory import Site
from aipress.chat.offline.outcome import explained
from aipress.config import Settings

Explained = dict[str, Any]
"""`{"action", "arguments"}`, `{"ask": argument}` or `{"decline": true}`; further wishes of the same message under `then`."""


@dataclass(frozen=True)
class Sentence:
    """A sentence, who says it about which sites (slugs), and what they said before."""

    text: str
    sites: tuple[str, ...] = ()
    is_admin: bool = False
    thread: tuple[str, ...] = ()


Understanding = Callable[[Sequence[Sentence]], Iterable[Explained]]


def understanding(settings: Settings) -> Understanding:
    """How the engine of these settings understands. Raises Invalid when they leave out what it needs."""
    if settings.engine == "offline":
        return lambda sentences: map(_offline, sentences)
    from aipress.chat.rehearsal import rehearse

    return rehearse(settings)


def _offline(sentence: Sentence) -> Explained:
    caller = Caller(tuple(Site(slug) for slug in sentence.sites), sentence.is_admin)
    return explained(understand(sentence.text, caller, sentence.thread))
