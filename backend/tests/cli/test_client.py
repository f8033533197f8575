"""The command line as a client: what the platform refuses, in its own words, with an exit code scripts can tell apart."""

import gc
import http.server
import json
import os
import socketserver
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from aipress.cli.client import Api, operator_token, read
from aipress.cli.installation import Installation
from aipress.cli.trouble import NOT_RUNNING, PLATFORM_FAILED, REFUSED, Trouble
from aipress.config import Settings

PROBLEM = {
    "type": "urn:aipress:problem:invalid",
    "title": "That request can't be understood",
    "status": 422,
    "detail": "A site needs a name.",
    "code": "invalid",
    "ref": "0a1b2c3d",
    "errors": [{"field": "name", "message": "too short"}, {"field": "tier", "message": "unknown"}],
}


def trouble_with(status: int, content: object) -> Trouble:
    body = content if isinstance(content, str) else json.dumps(content)
    with pytest.raises(Trouble) as raised:
        read(httpx.Response(status, text=body))
    return raised.value


def test_what_is_wrong_with_each_field_is_said_once() -> None:
    assert trouble_with(422, PROBLEM).what == "A site needs a name. name: too short tier: unknown"
    told = {**PROBLEM, "errors": [{"field": "name", "message": PROBLEM["detail"]}]}
    assert trouble_with(422, told).what == "A site needs a name."


def test_an_answer_is_its_document_and_no_content_is_an_empty_one() -> None:
    assert read(httpx.Response(200, json={"id": "ten_1"})) == {"id": "ten_1"}
    assert read(httpx.Response(204)) == {}


def test_a_problem_is_said_in_the_platforms_words_with_every_wrong_field_and_its_reference() -> None:
    trouble = trouble_with(422, PROBLEM)
    assert trouble.what == "A site needs a name. name: too short tier: unknown"
    assert (trouble.remedy, trouble.exit_code) == ("Reference: 0a1b2c3d", REFUSED)


@pytest.mark.parametrize(
    ("status", "code"), [(401, REFUSED), (409, REFUSED), (500, PLATFORM_FAILED), (507, PLATFORM_FAILED)]
)
def test_whose_fault_it_is_can_be_told_from_the_exit_code(status: int, code: int) -> None:
    assert trouble_with(status, PROBLEM).exit_code == code


def test_without_a_detail_the_title_is_said() -> None:
    assert trouble_with(404, {"title": "Not found"}).what == "Not found"


def test_without_any_words_the_status_is_said() -> None:
    assert trouble_with(502, {}).what == "The platform answered 502."


class Platform(http.server.BaseHTTPRequestHandler):
    """Stands where the control plane would, for a few requests."""

    heard: ClassVar[list[dict[str, Any]]] = []

    def do_GET(self) -> None:
        self.heard.append({"path": self.path, "authorization": self.headers["authorization"]})
        if self.path.endswith("/events"):
            return self._say(
                "text/event-stream", b'event: operation\ndata: {"n": 1}\n\n: alive\n\ndata: {"n": 2}\n\n'
            )
        first = "cursor=" not in self.path
        page = {
            "items": [{"id": 1}, {"id": 2}] if first else [{"id": 3}],
            "next_cursor": "c" if first else None,
        }
        return self._say("application/json", json.dumps(page).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append({"key": self.headers["idempotency-key"], "body": json.loads(body)})
        self._say("application/json", b"{}")

    def _say(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    control = tmp_path / "control"
    control.mkdir()
    (control / "operator.token").write_text("aop_secret\n")
    return Installation(Settings(data_dir=tmp_path), tmp_path, is_root=False)


@pytest.fixture
def platform(place: Installation) -> Iterator[type[Platform]]:
    place.run.mkdir()
    Platform.heard = []
    with socketserver.ThreadingUnixStreamServer(str(place.run / "control.sock"), Platform) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Platform
        server.shutdown()


@pytest.fixture
def api(place: Installation) -> Iterator[Api]:
    made = Api(place)
    yield made
    made._http.close()


def test_every_item_of_a_list_is_fetched_page_by_page(api: Api, platform: type[Platform]) -> None:
    assert [item["id"] for item in api.every("/tenants")] == [1, 2, 3]
    assert [heard["path"] for heard in platform.heard] == [
        "/api/tenants?limit=100",
        "/api/tenants?limit=100&cursor=c",
    ]
    assert {heard["authorization"] for heard in platform.heard} == {"Bearer aop_secret"}


def test_events_are_heard_until_they_end(api: Api, platform: type[Platform]) -> None:
    assert list(api.events("/operations/op_1/events", 10)) == [{"n": 1}, {"n": 2}]


def test_a_wish_may_be_said_with_a_key(api: Api, platform: type[Platform]) -> None:
    api.post("/tenants", {"name": "Blog"}, key="k1")
    api.post("/plans")
    assert platform.heard == [{"key": "k1", "body": {"name": "Blog"}}, {"key": None, "body": {}}]


def test_a_platform_that_does_not_answer_is_not_running(api: Api) -> None:
    # httpcore leaves a socket that could not connect to the garbage collector.
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        with pytest.raises(Trouble, match="does not answer") as trouble:
            api.get("/me")
        assert (trouble.value.exit_code, "./aipress status" in trouble.value.remedy) == (NOT_RUNNING, True)
        del trouble
        gc.collect()


def test_without_a_token_there_is_no_platform_and_with_a_hidden_one_it_is_not_ours(
    place: Installation,
) -> None:
    token = place.settings.control_dir / "operator.token"
    assert operator_token(place) == "aop_secret"
    if os.geteuid() != 0:
        token.chmod(0)
        with pytest.raises(Trouble) as hidden:
            operator_token(place)
        assert hidden.value.exit_code == REFUSED
    token.unlink()
    with pytest.raises(Trouble, match="no running platform") as missing:
        operator_token(place)
    assert missing.value.exit_code == NOT_RUNNING
