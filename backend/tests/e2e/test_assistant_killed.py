"""SIGKILL for the assistant in the middle of its answers, on a whole platform: the conversation is whole, and nothing is done twice.

The assistant runs with a scripted model that does one thing and then talks for a long time.
"""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.platform import Platform, wait_for
from tests.e2e.scripted import thinking_as_scripted

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(900)]
Chunk = dict[str, Any]
WORDS = 160


@pytest.fixture(scope="module")
def talking(platform: Platform) -> Iterator[Platform]:
    """The platform, while its assistant thinks with the scripted model."""
    with thinking_as_scripted(platform) as there:
        there.up()
        yield there


@dataclass
class Talk:
    """One conversation with the assistant. Ids of messages are nobody else's, as a browser's are."""

    platform: Platform
    id: str = ""
    name: str = field(default_factory=lambda: uuid4().hex[:8])
    heard: list[Chunk] = field(default_factory=list)

    def say(self, number: int, text: str, until: str = "") -> list[Chunk]:
        return self._ask({"message": {"id": f"{self.name}-{number}", "text": text}}, until)

    def retry(self, number: int, until: str = "") -> list[Chunk]:
        return self._ask({"retry": f"{self.name}-{number}"}, until)

    def _ask(self, body: dict[str, Any], until: str) -> list[Chunk]:
        """Send it and listen: to the end, or until a chunk holds this."""
        known = {"conversation_id": self.id} if self.id else {}
        self.heard = []
        with (
            self.platform.operator(timeout=120) as client,
            client.stream("POST", "/chat", json={**known, **body}) as answer,
        ):
            assert answer.status_code == 200, answer.read()
            self.id = answer.headers["x-conversation-id"]
            for line in answer.iter_lines():
                if line.startswith("data: {"):
                    self.heard.append(json.loads(line.removeprefix("data: ")))
                if until and until in line:
                    break
        return self.heard

    def stored(self) -> dict[str, Any]:
        """The conversation as the control plane keeps it."""
        with self.platform.operator(timeout=60) as client:
            found: dict[str, Any] = client.get(f"/api/threads/{self.id}").json()
        return found

    def shown(self) -> list[dict[str, Any]]:
        """Its messages as the assistant shows them, once it is there to do so."""

        def look() -> list[dict[str, Any]] | None:
            with self.platform.operator(timeout=60) as client:
                answer = client.get(f"/chat/{self.id}")
            return answer.json()["messages"] if answer.status_code == 200 else None

        found: list[dict[str, Any]] = wait_for(look, 60, "the assistant to be back")
        return found

    def kept(self, word: str) -> None:
        """Wait until what is kept of the answer holds this word."""
        wait_for(lambda: word in json.dumps(self.stored()["messages"]), 30, f"“{word}” to be kept")


def words_of(chunks: list[Chunk]) -> str:
    return "".join(str(one.get("delta", "")) for one in chunks if one["type"] == "text-delta")


def cards_of(chunks: list[Chunk], kind: str) -> list[Any]:
    return [one["data"] for one in chunks if one["type"] == kind]


def kill_assistant(platform: Platform) -> None:
    before = platform.pid("assistant")
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: platform.pid("assistant") not in (0, before), 60, "another assistant")


def sites_called(platform: Platform, name: str) -> list[dict[str, Any]]:
    with platform.operator(timeout=60) as client:
        items = client.get("/api/tenants?limit=200").json()["items"]
    return [one for one in items if one["name"] == name]


def deeds(platform: Platform, action: str, subject: str) -> int:
    """How often this was done to it, by the audit log."""
    with platform.operator(timeout=60) as client:
        items = client.get("/api/audit", params={"action": action, "subject": subject}).json()["items"]
    return len(items)


def test_a_site_is_made_once_however_often_the_answer_about_it_dies(talking: Platform) -> None:
    name = f"Night Owl {os.getpid()}"
    talk = Talk(talking)
    question = f"create a site called {name} and count {WORDS}"
    first = talk.say(1, question, until="word3 ")
    (card,) = cards_of(first, "data-operation")
    talk.kept("word3 ")
    kill_assistant(talking)

    asked, broken = talk.shown()
    assert (asked["role"], asked["text"]) == ("user", question)
    assert broken["active"] is False
    assert json.dumps(broken["chunks"]).count("run_failed") == 1, "it says that it was interrupted, once"
    assert cards_of(broken["chunks"], "data-operation") == [card], "no card is lost"
    assert "word3 " in words_of(broken["chunks"])

    talk.retry(1, until="word5 ")
    kill_assistant(talking)
    assert talk.shown()[-1]["active"] is False
    again = talk.retry(1)
    assert cards_of(again, "data-operation") == [card], "it is the same deed, not another"
    assert [word for word in words_of(again).split() if word.startswith("word")] == [
        f"word{number}" for number in range(WORDS)
    ]
    assert again[-1]["type"] == "finish"

    assert talking.ended(card["operation_id"])["state"] == "succeeded"
    (site,) = sites_called(talking, name)
    assert deeds(talking, "CREATE_SITE", site["id"]) == 1
    roles = [message["role"] for message in talk.shown()]
    assert roles == ["user", "assistant", "assistant", "assistant"]
    talking.remove(site["slug"])


def test_a_plan_is_proposed_once_and_nothing_of_it_happens_by_itself(talking: Platform) -> None:
    site = talking.create(f"Day Owl {os.getpid()}")["tenant"]
    talk = Talk(talking)
    talk.say(1, "count 2")
    text = f"delete the site {site['slug']} and count {WORDS}"
    first = talk.say(2, text, until="word2 ")
    (card,) = cards_of(first, "data-plan")
    kill_assistant(talking)
    assert [message["role"] for message in talk.shown()] == ["user", "assistant"] * 2
    again = talk.retry(2)
    assert cards_of(again, "data-plan") == [card]
    with talking.operator(timeout=60) as client:
        assert client.get(f"/api/plans/{card['plan_id']}").json()["state"] == "proposed"
    assert deeds(talking, "PLAN_PROPOSED", card["plan_id"]) == 1
    assert [one["state"] for one in sites_called(talking, site["name"])] == ["live"]
    follow_up = talk.say(3, "count 3")
    assert words_of(follow_up).split() == ["word0", "word1", "word2"], "the conversation goes on"
    talking.remove(site["slug"])


def test_a_stream_that_died_with_the_assistant_has_nothing_more_to_come(talking: Platform) -> None:
    talk = Talk(talking)
    talk.say(1, f"count {WORDS}", until="word3 ")
    kill_assistant(talking)
    talk.shown()
    with talking.operator(timeout=60) as client:
        resumed: httpx.Response = client.get(f"/chat/{talk.id}/stream")
        assert resumed.status_code == 204
        listed = client.get("/chat").json()["items"]
    assert any(one["id"] == talk.id for one in listed)
