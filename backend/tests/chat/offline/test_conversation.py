"""The offline engine in the real agent with the real tools: what is asked of the control plane, and what is said of its answers."""

from dataclasses import dataclass, field

import pytest
from pydantic_ai.messages import ModelMessage, PartDeltaEvent, TextPartDelta, ToolReturnPart

from aipress.chat.agent import LIMITS, assistant
from aipress.chat.callers import Caller, look_up
from aipress.chat.offline_model import OfflineModel
from aipress.plans.not_yet import NOT_YET
from tests.chat.offline.control import Control, creation, renaming, site, told


@dataclass
class Talk:
    """A person talking with the assistant, message by message."""

    control: Control
    past: list[ModelMessage] = field(default_factory=list)
    turns: int = 0

    async def say(self, text: str, turn: str = "") -> str:
        """The assistant's answer to `text`; the same `turn` again is the same message tried again."""
        self.turns += 1
        caller = Caller(self.control.client(), turn=turn or f"q{self.turns}")
        await look_up(caller)
        self.control.asked.clear()
        run = await assistant().run(
            text, deps=caller, model=OfflineModel(caller), message_history=self.past, usage_limits=LIMITS
        )
        self.past = run.all_messages()
        return run.output

    def cards(self) -> list[dict[str, object]]:
        """What is on the cards of the last answer."""
        parts = [part for part in self.past[-2].parts if isinstance(part, ToolReturnPart)]
        return [chunk.data for part in parts for chunk in part.metadata or []]


async def test_a_wish_for_a_site_is_one_post_with_a_key() -> None:
    talk = Talk(Control())
    said = await talk.say("create a site called Sunrise Bakery")
    (post,) = talk.control.changes
    assert (post.method, post.url.path) == ("POST", "/api/tenants")
    assert told(post) == {"name": "Sunrise Bakery"}
    assert post.headers["idempotency-key"]
    assert post.headers["authorization"] == "Bearer agent"
    assert "Sunrise Bakery" in said


async def test_the_same_message_tried_again_has_the_same_key_and_another_message_another() -> None:
    keys = []
    for turn in ("q1", "q1", "q2"):
        talk = Talk(Control())
        await talk.say("create a site called Sunrise Bakery", turn)
        keys.append(talk.control.changes[0].headers["idempotency-key"])
    assert keys[0] == keys[1] != keys[2]


async def test_the_name_is_asked_for_and_then_used() -> None:
    talk = Talk(Control())
    assert await talk.say("create a site") == "What should it be called?"
    assert talk.control.asked == []
    await talk.say("Sunrise Bakery")
    assert told(talk.control.changes[0]) == {"name": "Sunrise Bakery"}


async def test_a_site_that_costs_money_is_only_planned() -> None:
    talk = Talk(Control())
    said = await talk.say("create a site called Big on the performance tier")
    (post,) = talk.control.changes
    assert post.url.path == "/api/plans"
    assert told(post) == {"action": "CREATE_SITE", "arguments": {"name": "Big", "tier": "performance"}}
    assert "nothing has happened yet" in said


async def test_deleting_only_ever_becomes_a_plan() -> None:
    talk = Talk(Control("blog", "shop"))
    said = await talk.say("delete the shop")
    (post,) = talk.control.changes
    assert (post.method, post.url.path) == ("POST", "/api/plans")
    assert told(post) == {"action": "DELETE_SITE", "arguments": {"tenant": "shop"}}
    assert post.headers["idempotency-key"]
    assert said.startswith("Delete the site shop: the plan is ready, and nothing has happened yet.")
    assert "There is no way back" in said


async def test_which_site_to_delete_is_asked_with_a_button_for_each() -> None:
    talk = Talk(Control("blog", "shop"))
    assert await talk.say("delete my site") == "Which site do you mean?"
    assert talk.control.asked == []
    (call,) = [part for message in talk.past for part in message.parts if part.part_kind == "tool-call"]
    options = call.args_as_dict()["options"]
    assert [option["text"] for option in options] == ["blog", "shop"]
    await talk.say("shop")
    assert [told(post)["arguments"] for post in talk.control.changes] == [{"tenant": "shop"}]


@pytest.mark.parametrize(
    "text",
    ["don't delete the shop", "how do I delete the shop?", '"delete the shop"', "delete the shop's menu"],
)
async def test_what_is_no_request_changes_nothing(text: str) -> None:
    talk = Talk(Control("blog", "shop"))
    await talk.say(text)
    assert talk.control.changes == []


async def test_a_list_says_the_name_state_and_address_of_each_site() -> None:
    control = Control("blog", "shop")
    control.sites.append(site("tea-house", "provisioning"))
    talk = Talk(control)
    assert await talk.say("list my sites") == "You have 3 sites; here they are."
    (table,) = talk.cards()
    assert (table["title"], table["window"], table["source"]) == ("3 sites", "now", "control plane")
    assert table["rows"] == [
        [{"label": "Blog", "path": "/sites/blog"}, "Live", "basic", "blog.localhost:8080"],
        [{"label": "Shop", "path": "/sites/shop"}, "Live", "basic", "shop.localhost:8080"],
        [
            {"label": "Tea House", "path": "/sites/tea-house"},
            "Being set up",
            "basic",
            "tea-house.localhost:8080",
        ],
    ]
    assert control.changes == []


async def test_a_site_is_looked_up_when_it_is_asked_about() -> None:
    talk = Talk(Control("blog", "shop"))
    assert await talk.say("is the shpo up?") == (
        "I took “shpo” to mean shop. Shop is live at http://shop.localhost:8080 (tier basic)."
    )
    assert [request.url.path for request in talk.control.asked] == ["/api/tenants/shop"]


async def test_a_site_is_renamed_at_once_and_the_receipt_is_shown() -> None:
    talk = Talk(Control("blog", "shop"))
    said = await talk.say("rename the shop to Fern and Fig")
    (patch,) = talk.control.changes
    assert (patch.method, patch.url.path) == ("PATCH", "/api/tenants/shop")
    assert told(patch) == {"name": "Fern and Fig"}
    assert said.startswith("Done: it is called Fern and Fig now.")
    assert [card["operation_id"] for card in talk.cards()] == ["op_renaming"]


async def test_a_site_that_is_called_that_already_is_left_alone_and_there_is_nothing_to_undo() -> None:
    talk = Talk(Control("blog", "shop"))
    assert await talk.say("rename the shop to Shop") == "It is called Shop already, so nothing was changed."
    assert talk.cards() == []


@pytest.mark.parametrize("text", ["undo that", "no, call it back"])
async def test_the_last_thing_done_is_undone(text: str) -> None:
    control = Control("blog", "shop")
    control.done = [renaming("op_renaming", "Fern and Fig", "Shop")]
    talk = Talk(control)
    assert await talk.say(text) == "Undone: it is called Shop again."
    (post,) = control.changes
    assert (post.method, post.url.path) == ("POST", "/api/operations/op_renaming/undo")
    assert post.headers["idempotency-key"]
    assert dict(control.asked[0].url.params) == {"actor": "usr_ada", "limit": "1"}
    assert [card["operation_id"] for card in talk.cards()] == ["op_undoing"]


async def test_what_only_a_person_may_undo_becomes_a_plan() -> None:
    control = Control("shop")
    control.done = [creation("shop")]
    control.refuse("/operations/op_made/undo", 403, "Only a person can do this.")
    said = await Talk(control).say("undo that")
    assert [request.url.path for request in control.changes] == ["/api/operations/op_made/undo", "/api/plans"]
    assert told(control.changes[-1]) == {"action": "DELETE_SITE", "arguments": {"tenant": "shop"}}
    assert "nothing has happened yet" in said


async def test_what_can_not_be_undone_any_more_is_said_in_the_platforms_words() -> None:
    control = Control("shop")
    control.done = [renaming("op_renaming", "Fern and Fig", "Shop")]
    control.refuse("/operations/op_renaming/undo", 409, "The site was renamed again since.")
    assert await Talk(control).say("undo that") == "The site was renamed again since."


async def test_who_did_nothing_has_nothing_to_undo() -> None:
    talk = Talk(Control("shop"))
    assert await talk.say("undo that") == "You have done nothing yet that could be undone."
    assert talk.control.changes == []


async def test_the_way_into_the_admin_is_a_button_never_a_link() -> None:
    talk = Talk(Control("blog", "shop"))
    said = await talk.say("log me into the shop")
    assert "Shop" in said
    assert "http" not in said
    assert [(request.method, request.url.path) for request in talk.control.asked] == [
        ("GET", "/api/tenants/shop")
    ]


async def test_help_says_what_can_be_done_now_and_asks_nobody() -> None:
    talk = Talk(Control("blog"))
    said = await talk.say("what can you do?")
    assert "- Make a new WordPress site." in said
    assert "staging" not in said
    assert talk.control.asked == []


async def test_what_is_not_built_is_said_to_be_so() -> None:
    talk = Talk(Control("blog"))
    assert await talk.say("back up the blog") == NOT_YET["CREATE_BACKUP"]
    assert talk.control.asked == []


@pytest.mark.parametrize(
    ("text", "path", "status"),
    [
        ("create a site called Sunrise Bakery", "/tenants", 409),
        ("delete the shop", "/plans", 409),
        ("is the shop up?", "/tenants/shop", 404),
        ("create a site called Sunrise Bakery", "/tenants", 429),
        ("create a site called Sunrise Bakery", "/tenants", 503),
    ],
)
async def test_a_problem_is_passed_on_in_words(text: str, path: str, status: int) -> None:
    control = Control("blog", "shop")
    talk = Talk(control)
    caller = Caller(control.client())
    await look_up(caller)
    control.refuse(path, status, "The shop is being set up just now. Please wait until it is live.")
    run = await assistant().run(text, deps=caller, model=OfflineModel(caller))
    assert run.output == "The shop is being set up just now. Please wait until it is live."
    assert talk.past == []


async def test_several_wishes_are_done_in_order_and_answered_one_by_one() -> None:
    talk = Talk(Control("blog", "shop"))
    said = await talk.say("create a site called New Day, then delete the blog and tell me if the shop is up")
    assert [(request.method, request.url.path) for request in talk.control.asked] == [
        ("POST", "/api/tenants"),
        ("POST", "/api/plans"),
        ("GET", "/api/tenants/shop"),
    ]
    made, planned, shown = said.split("\n\n")
    assert "New Day" in made
    assert "the plan is ready" in planned
    assert shown.startswith("Shop is live")


async def test_a_problem_with_one_wish_does_not_hide_the_others() -> None:
    control = Control("blog", "shop")
    talk = Talk(control)
    control.refuse("/tenants/blog", 404, "There is no such site.")
    said = await talk.say("how are the blog and the shop?")
    assert said == "There is no such site.\n\nShop is live at http://shop.localhost:8080 (tier basic)."


async def test_an_answer_comes_word_by_word() -> None:
    caller = Caller(Control("blog", "shop").client())
    await look_up(caller)
    words = []
    async with assistant().run_stream_events(
        "is the shop up?", deps=caller, model=OfflineModel(caller)
    ) as events:
        async for event in events:
            if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
                words.append(event.delta.content_delta)
    assert words[-2:] == ["(tier ", "basic)."]


async def test_thanks_are_taken_as_thanks_but_never_instead_of_a_wish() -> None:
    talk = Talk(Control("blog"))
    assert await talk.say("thanks a lot!") == "You're welcome!"
    assert (await talk.say("great, list my sites")).startswith("You have one site")


async def test_a_name_too_long_for_a_site_is_no_reason_to_fall_over() -> None:
    talk = Talk(Control())
    said = await talk.say("create a site called " + "x" * 1200)
    assert said.startswith("That did not work")
    assert talk.control.changes == []


async def test_another_persons_site_is_never_asked_for() -> None:
    talk = Talk(Control("blog"))
    assert "no site called “acme-corp” among yours" in await talk.say("open the admin of acme-corp")
    assert talk.control.asked == []


async def test_an_admin_may_name_any_site() -> None:
    control = Control("blog", role="admin")
    talk = Talk(control)
    assert await talk.say("how is acme-corp?") == "There is no such site."
    assert [request.url.path for request in control.asked] == ["/api/tenants/acme-corp"]
