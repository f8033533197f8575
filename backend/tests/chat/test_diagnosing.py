"""A diagnosis in a conversation: a model is told causes, numbers and times; strangers' words are for the person's screen alone."""

from aipress.chat.callers import Caller
from aipress.chat.gated import through
from aipress.chat.offline.outcome import Wish
from aipress.chat.offline.replies import reply
from aipress.chat.tools import carry_out
from aipress.plans.actions import ACTIONS
from tests.chat.offline.broken_site import STRANGE
from tests.chat.offline.control import Control

WINDOW = "between 2026-07-15 11:00 and 2026-07-15 12:00 (UTC)"


async def asked() -> tuple[Caller, dict[str, object], list[object]]:
    """What comes of asking: whoever asked, what a model is told, and what the screen shows."""
    caller, action = Caller(Control("shop").client()), ACTIONS["DIAGNOSE"]

    async def run() -> object:
        return await carry_out(action, caller, {"tenant": "shop"})

    answer = await through(caller, "call", action.tier, run, None)  # type: ignore[arg-type]
    return caller, answer.return_value, list(answer.metadata or ())


async def test_a_model_is_told_the_cause_and_no_word_of_a_stranger() -> None:
    _, told, _ = await asked()
    (finding,) = told["findings"]  # type: ignore[misc]
    assert finding["cause"] == "plugin_fatal"
    assert (told["requests"], told["failed"]) == (40, 12)
    assert "delete" not in str(told)
    assert "PHP says" not in str(told)


async def test_what_strangers_wrote_is_on_the_screen_and_the_turn_only_reads() -> None:
    caller, _, parts = await asked()
    assert caller.gate.tainted
    shown = {part.type: part.data for part in parts}  # type: ignore[attr-defined]
    assert STRANGE in str(shown["data-lines"])
    assert shown["data-diagnosis"]["tenant"] == "shop"
    assert set(shown["data-diagnosis"]) == {"tenant", "environment", "since", "until"}


async def test_the_offline_engine_says_the_cause_why_and_what_helps() -> None:
    caller, _, _ = await asked()
    said = reply([(Wish("DIAGNOSE", {"tenant": "shop"}), caller.results["call"])])  # type: ignore[list-item]
    assert said.splitlines() == [
        f"The likely cause, from what happened at Shop {WINDOW}: A plugin or theme breaks with a fatal error.",
        f"- PHP says: “{STRANGE}”.",
        "What helps: Switch it off.",
    ]


async def test_where_nothing_is_wrong_it_says_what_was_looked_at() -> None:
    result = {
        "name": "Shop",
        "since": "2026-07-15T11:00Z",
        "until": "2026-07-15T12:00Z",
        "summary": "Nothing wrong was found: of 40 requests, 0 failed.",
        "findings": [],
        "unseen": ["connections"],
    }
    assert reply([(Wish("DIAGNOSE", {"tenant": "shop"}), result)]) == (
        f"I looked at Shop {WINDOW}. Nothing wrong was found: of 40 requests, 0 failed. I could not look at: connections."
    )
