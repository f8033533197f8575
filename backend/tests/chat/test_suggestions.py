"""What is suggested comes from how things are, and is understood without a model as what its label says."""

from datetime import UTC, datetime
from typing import Any

from aipress.chat.offline import decide
from aipress.chat.offline.directory import Site
from aipress.chat.offline.outcome import Decline
from aipress.chat.schemas import Suggestion
from aipress.chat.suggestions import Known, Waiting, suggestions_from
from aipress.operations.schemas import OperationRead
from aipress.tenants.schemas import TenantRead

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def site(name: str, state: str = "live", access: str = "owner") -> TenantRead:
    told: dict[str, Any] = {
        "id": f"ten_{name.lower()}",
        "name": name,
        "slug": name.lower().replace(" ", "-"),
        "owner": {"id": "usr_1", "email": "ada@example.com"},
        "access": access,
        "tier": "basic",
        "cloud": "local",
        "state": state,
        "url": "http://x.localhost",
        "environments": [],
        "created_at": NOW,
    }
    return TenantRead.model_validate(told)


def operation(kind: str, label: str) -> OperationRead:
    told = {
        "id": "op_1",
        "kind": kind,
        "tenant": {"id": "ten_blog", "name": "Blog", "slug": "blog"},
        "state": "succeeded",
        "undo": {"label": label, "until": NOW},
        "created_at": NOW,
    }
    return OperationRead.model_validate(told)


def labels(known: Known) -> list[str]:
    return [one.label for one in suggestions_from(known)]


def meant(suggestion: Suggestion, known: Known) -> list[tuple[str, dict[str, str]]]:
    """What the offline engine takes it for, said by whoever has these sites as the first word of a conversation."""
    caller = decide.Caller(tuple(Site(one.slug, one.name) for one in known.sites))
    return [
        (str(outcome), {}) if isinstance(outcome, Decline) else (outcome.action, dict(outcome.arguments))
        for outcome in decide.understand(suggestion.text, caller, [])
    ]


def test_whoever_has_no_site_is_led_to_a_first_one() -> None:
    known = Known([])
    assert labels(known) == [
        "Create a site for my bakery",
        "Create a site for my restaurant",
        "Create a site for my photography",
        "What can you do?",
    ]
    assert {meant(one, known)[0][0] for one in suggestions_from(known)} == {"CREATE_SITE", "HELP"}


def test_a_site_that_failed_comes_first_to_be_looked_at_made_again_or_cleared_away() -> None:
    known = Known([site("Blog"), site("Tea Shop", "failed")], opened=frozenset())
    assert labels(known) == [
        "What is wrong with Tea Shop?",
        "Make Tea Shop again",
        "Delete Tea Shop, which did not work",
        "Open WP Admin of Blog",
    ]
    assert [meant(one, known) for one in suggestions_from(known)] == [
        [("GET_SITE", {"tenant": "tea-shop"})],
        [("CREATE_SITE", {"name": "Tea Shop"})],
        [("DELETE_SITE", {"tenant": "tea-shop"})],
        [("OPEN_ADMIN", {"tenant": "blog"})],
    ]


def test_nobody_is_offered_to_delete_or_enter_what_is_anothers() -> None:
    known = Known([site("Shop", "failed", "member"), site("Blog", access="member")], opened=frozenset())
    said = [meant(one, known)[0][0] for one in suggestions_from(known)]
    assert said == ["GET_SITE", "CREATE_SITE", "GET_SITE", "LIST_SITES"]


def test_a_plan_that_waits_leads_to_its_conversation() -> None:
    waiting = [Waiting("thr_1", "Delete “Blog”"), Waiting("thr_2", "Delete “Shop”")]
    first = suggestions_from(Known([site("Blog")], waiting=waiting))[0]
    assert (first.label, first.conversation_id, first.text) == ("Waits for you: Delete “Blog”", "thr_1", "")
    assert labels(Known([], waiting=waiting))[0] == "Waits for you: Delete “Blog”"


def test_the_last_renaming_can_be_taken_back_and_a_creation_is_not_offered_to_be() -> None:
    known = Known([site("Blog")], operation("rename", "Call it “Old” again"))
    undo = suggestions_from(known)[0]
    assert (undo.label, meant(undo, known)[0][0]) == ("Undo: Call it “Old” again", "UNDO")
    assert not any(
        "Undo" in one for one in labels(Known([site("Blog")], operation("provision", "Remove “Blog”")))
    )


def test_that_an_admin_was_never_opened_is_said_only_where_it_is_known() -> None:
    assert "Open WP Admin of Blog" in labels(Known([site("Blog")], opened=frozenset()))
    assert "Open WP Admin of Blog" not in labels(Known([site("Blog")], opened=None))
    assert "Open WP Admin of Blog" not in labels(Known([site("Blog")], opened=frozenset({"ten_blog"})))


def test_a_site_under_way_can_be_asked_about_and_the_rest_fits() -> None:
    known = Known([site("Shop", "provisioning"), site("Blog")])
    assert labels(known) == ["How far is Shop?", "How is Blog?", "Show my sites", "Create a site for…"]
    assert [one.is_beginning for one in suggestions_from(known)] == [False, False, False, True]
    said = [meant(one, known) for one in suggestions_from(known)[:3]]
    assert said == [
        [("GET_SITE", {"tenant": "shop"})],
        [("GET_SITE", {"tenant": "blog"})],
        [("LIST_SITES", {})],
    ]
