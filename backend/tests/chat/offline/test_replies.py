"""What the offline assistant says: what the tools returned, and nothing that they did not."""

import re

import pytest

from aipress.chat.offline.outcome import Ask, Decline, Outcome, Wish
from aipress.chat.offline.replies import Result, reply
from aipress.plans.actions import ACTIONS
from aipress.plans.not_yet import NOT_YET

ADDRESS = re.compile(r"https?://\S+")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("live", "Tea House is live at http://tea.localhost (tier basic)."),
        ("provisioning", "Tea House is being set up: http://tea.localhost (tier basic)."),
        ("failed", "Tea House is not working, its set-up failed: http://tea.localhost (tier basic)."),
        ("removing", "Tea House is being removed: http://tea.localhost (tier basic)."),
    ],
)
def test_a_site_is_described_as_it_was_returned(state: str, said: str) -> None:
    assert _said(Wish("GET_SITE", {"tenant": "tea"}), _site(state)) == said


def test_only_a_live_site_is_opened() -> None:
    wish = Wish("OPEN_ADMIN", {"tenant": "tea"})
    assert "the button signs you in" in _said(wish, _site("live"))
    assert _said(wish, _site("provisioning")) == "Tea House isn't ready for that: it is being set up."


def test_no_address_is_said_that_no_tool_returned() -> None:
    for action in ("CREATE_SITE", "GET_SITE", "OPEN_ADMIN"):
        said = _said(Wish(action, {"tenant": "tea", "name": "Tea"}), _site("live"))
        assert set(ADDRESS.findall(said)) <= {"http://tea.localhost"}


def test_a_site_being_made_is_never_said_to_be_there() -> None:
    said = _said(Wish("CREATE_SITE", {"name": "Tea House"}), {"name": "Tea House", "state": "queued"})
    assert said == "I'm making Tea House now. It will be ready in a moment; you can watch it here."


def test_a_note_of_the_tool_is_passed_on() -> None:
    result = {"name": "Tea House", "state": "queued", "note": "It is a plain WordPress."}
    assert _said(Wish("CREATE_SITE", {"name": "Tea House"}), result).endswith("It is a plain WordPress.")


def test_costs_are_said_with_their_month_and_as_of_when() -> None:
    bill = {"spent": "4.60 USD", "forecast": "9.50 USD", "against_last_month": None, "reasons": []}
    result: Result = {
        "month": "2026-07",
        "as_of": "2026-07-15T12:00:00+00:00",
        "sites": [{"tenant": "tea", "name": "Tea House", "bills": [bill]}],
        "totals": ["4.60 USD"],
    }
    said = _said(Wish("GET_BILLING", {"tenant": "tea"}), result)
    assert said.splitlines() == [
        "Costs of 2026-07, as counted up to 2026-07-15T12:00:00+00:00:",
        "Tea House: 4.60 USD so far, about 9.50 USD by the end of the month.",
    ]
    both: Result = {**result, "sites": [{"name": "Tea", "bills": [bill]}, {"name": "Shop", "bills": []}]}
    assert _said(Wish("GET_BILLING"), both).endswith(
        "- Tea: 4.60 USD so far, about 9.50 USD by the end of the month.\nTogether: 4.60 USD."
    )


def test_what_could_cost_less_is_said_with_what_it_saves() -> None:
    way = {"meaning": "It fits.", "change_to": "basic", "saves_a_month": "9.00 USD"}
    dearer = {"meaning": "It needs more.", "change_to": "standard", "saves_a_month": "-9.00 USD"}
    empty = {"meaning": "Nobody comes.", "change_to": None, "saves_a_month": "3.00 USD"}
    site = {"name": "Tea", "days": 28, "advice": [way, dearer, empty]}
    assert _said(Wish("GET_COST_ADVICE"), {"sites": [site, {**site, "advice": []}]}).splitlines() == [
        "Here is what could cost less, by the month:",
        "- Tea: It fits. Changing to basic saves 9.00 USD.",
        "- Tea: It needs more. Changing to standard costs 9.00 USD more.",
        "- Tea: Nobody comes. That saves 3.00 USD.",
    ]
    assert "Nothing to save" in _said(Wish("GET_COST_ADVICE"), {"sites": [{**site, "advice": []}]})
    for sites in ([], [{**site, "advice": [], "days": 6}]):
        assert "too early" in _said(Wish("GET_COST_ADVICE"), {"sites": sites})


def test_where_nothing_was_counted_no_figure_is_said() -> None:
    result: Result = {
        "month": "2026-07",
        "as_of": None,
        "sites": [{"name": "Tea", "bills": []}],
        "totals": [],
    }
    said = _said(Wish("GET_BILLING", {"tenant": "tea"}), result)
    assert said == "Nothing was counted for Tea in 2026-07. Costs are counted every hour."


def test_a_figure_is_said_with_its_window_and_how_it_was_before() -> None:
    result: Result = {
        "name": "Tea",
        "label": "Requests",
        "window": "24 hours",
        "over_all": "1,204",
        "before": "980",
        "highest": "77",
        "highest_at": "2026-07-15T12:05:00+00:00",
        "note": "These are requests.",
    }
    assert _said(Wish("GET_METRICS", {"tenant": "tea"}), result) == (
        "Requests of Tea over the last 24 hours: 1,204, 980 in the 24 hours before. "
        "The highest was 77, on Wednesday, 15 July, at 12:05 UTC. These are requests."
    )
    nothing: Result = {**result, "over_all": None, "before": None}
    said = _said(Wish("GET_METRICS", {"tenant": "tea"}), nothing)
    assert said == "Requests of Tea: nothing was measured in the last 24 hours."


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "You have one site; here it is."),
        (2, "You have 2 sites; here they are."),
        (25, "You have 25 sites; here are the newest 10."),
    ],
)
def test_a_list_says_how_many_there_are_and_leaves_the_rest_to_its_table(count: int, said: str) -> None:
    assert _said(Wish("LIST_SITES"), {"count": count, "sites": [_site("live")] * min(count, 12)}) == said


def test_an_empty_list_says_how_to_begin() -> None:
    said = _said(Wish("LIST_SITES"), {"count": 0, "sites": []})
    assert said.startswith("You have no sites yet.")


def test_a_plan_is_never_said_to_be_done() -> None:
    result: Result = {"plan_id": "pln_1", "title": "Delete the site tea", "undo": None}
    said = _said(Wish("DELETE_SITE", {"tenant": "tea"}), result)
    assert "nothing has happened yet" in said
    assert "type the name" in said
    assert "no way back" in said
    assert "pln_1" not in said


@pytest.mark.parametrize("action", [action.id for action in ACTIONS.values() if not action.built])
def test_what_is_not_built_is_promised_by_nobody(action: str) -> None:
    assert _said(Wish(action, {"tenant": "tea"}), None) == NOT_YET[action]


@pytest.mark.parametrize("action", [action.id for action in ACTIONS.values() if action.built])
def test_a_problem_is_said_instead_of_a_result(action: str) -> None:
    wish = Wish(action, {"tenant": "tea", "name": "Tea"})
    assert _said(wish, {"problem": "The cloud is busy."}) == "The cloud is busy."


@pytest.mark.parametrize("action", [action.id for action in ACTIONS.values() if action.built])
def test_without_a_result_nothing_is_claimed(action: str) -> None:
    assert _said(Wish(action, {"tenant": "tea", "name": "Tea"}), None).startswith("That did not work")


def test_a_misspelt_name_is_said_to_be_taken_for_another() -> None:
    wish = Wish("GET_SITE", {"tenant": "tea"}, heard_as="teea")
    assert _said(wish, _site("live")).startswith("I took “teea” to mean tea. Tea House is live")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Ask("name", "CREATE_SITE"), "What should it be called?"),
        (Ask("tenant", "DELETE_SITE", choices=("a", "b")), "Which site do you mean?"),
        (Decline("nothing_asked"), "All right, nothing was changed."),
        (Decline("no_such_site", "acme"), "There is no site called “acme” among yours."),
        (Decline("no_sites"), "You have no sites yet."),
        (Decline("out_of_scope"), "That is beyond me. I can make sites"),
    ],
)
def test_questions_and_refusals_say_what_can_be_done(outcome: Outcome, said: str) -> None:
    assert _said(outcome, None).startswith(said)


def test_each_outcome_is_answered_once() -> None:
    refused = (Decline("out_of_scope"), None)
    assert reply([refused, refused]) == reply([refused])


def _said(outcome: Outcome, result: Result | None) -> str:
    return reply([(outcome, result)])


def _site(state: str) -> dict[str, object]:
    return {
        "tenant": "tea",
        "name": "Tea House",
        "state": state,
        "url": "http://tea.localhost",
        "tier": "basic",
    }


LOGGED: Result = {
    "name": "Tea",
    "since": "2026-07-15T11:00Z",
    "until": "2026-07-15T12:00Z",
    "found": 3,
    "shown": 3,
    "levels": {"warning": 1, "error": 2},
}


def test_a_log_is_counted_with_its_window_and_its_lines_are_left_to_the_screen() -> None:
    assert _said(Wish("GET_LOGS", {"tenant": "tea"}), LOGGED) == (
        "Tea wrote 3 lines between 2026-07-15 11:00 and 2026-07-15 12:00 (UTC): 2 errors and 1 warning; here they are."
    )
    many = {**LOGGED, "found": 900, "levels": {"info": 899, "critical": 1}, "shown": 200, "source": "php"}
    assert _said(Wish("GET_LOGS", {"tenant": "tea"}), many).endswith(
        "(UTC): 1 critical and 899 informational; here are the newest 200."
    )


def test_where_nothing_was_written_it_says_what_was_looked_for() -> None:
    nothing = {**LOGGED, "found": 0, "shown": 0, "levels": {}, "level": "error", "source": "mail"}
    assert _said(Wish("GET_LOGS", {"tenant": "tea"}), nothing) == (
        "The log of Tea has nothing of level error or worse, from mail between 2026-07-15 11:00 and 2026-07-15 12:00 (UTC)."
    )


@pytest.mark.parametrize(
    ("state", "record", "certificate", "said"),
    [
        (
            "waiting",
            "missing",
            "none",
            "isn't proved to be yours yet. The record that proves it (TXT) is missing.",
        ),
        ("waiting", "unknown", "none", "could not be looked up"),
        ("proved", "right", "waiting", "Its certificate is on its way."),
        ("connected", "right", "active", "is connected: its visitors come to tea."),
        ("failed", "wrong", "failed", "says something else; the card shows what."),
    ],
)
def test_a_domain_is_said_by_how_far_it_is(state: str, record: str, certificate: str, said: str) -> None:
    records = [{"purpose": "proof", "kind": "TXT", "state": record}]
    result: Result = {
        "tenant": "tea",
        "domain": "tea.example",
        "state": state,
        "certificate": certificate,
        "records": records,
    }
    wish = Wish("CHECK_DOMAIN", {"tenant": "tea", "domain": "tea.example"})
    assert said in _said(wish, result)
    added = _said(Wish("ADD_DOMAIN", wish.arguments), {**result, "is_new": True})
    assert "nothing is connected before they are found" in added
    assert said in _said(Wish("ADD_DOMAIN", wish.arguments), {**result, "is_new": False})
