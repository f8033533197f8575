"""What people say, and what the offline engine makes of it: every file of sentences/ is judged and has a floor.

A floor is what was reached; it goes up and never down. `open` was published with the design, `train-*` were written by people who
did not know the engine and are for learning from, `held-*` likewise and for measuring only: nothing is changed because of them.
`own-*` and `examples` were written beside the engine; they teach it (`learning.py`) and prove little.
"""

from pathlib import Path

import pytest

from aipress.chat.evaluation import Score, read_lines, score
from aipress.chat.understanding import understanding
from aipress.config import Settings

SENTENCES = Path(__file__).parent / "sentences"
FLOORS = {
    "examples": 1.0,
    "held-d": 0.96,
    "open": 1.0,
    "own-1": 0.99,
    "own-2": 0.97,
    "own-3": 0.97,
    "own-4": 0.98,
    "own-5": 0.99,
    "own-6": 0.95,
    "train-a": 0.995,
    "train-b": 0.995,
    "train-c": 0.995,
}
FILES = sorted(SENTENCES.glob("*.jsonl"))


def judged(file: Path) -> Score:
    return score(read_lines(file.read_text()), understanding(Settings(engine="offline")))


def test_every_file_has_a_floor_and_every_floor_a_file() -> None:
    assert sorted(FLOORS) == [file.stem for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_people_are_understood(file: Path) -> None:
    found = judged(file)
    mistakes = "\n".join(f"{one['text']}\n    {one['expect']}\n    {one['got']}" for one in found.wrong)
    assert found.share >= FLOORS[file.stem], f"{found.correct} of {found.total}\n{mistakes}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_site_is_deleted_that_nobody_asked_to_delete(file: Path) -> None:
    assert judged(file).misfires["DELETE_SITE"] == 0
