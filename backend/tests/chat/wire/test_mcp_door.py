"""Who comes in at `/mcp`: a bearer of a token, from no page or from our own; nobody by a cookie."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests import make
from tests.chat.wire.conftest import Office

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
HEADERS = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}


@pytest.fixture
async def http(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(uds=str(office.socket))
    base = office.settings.base_url
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=HEADERS, timeout=20) as client:
        yield client


async def test_a_token_is_enough(office: Office, http: httpx.AsyncClient) -> None:
    answer = await http.post("/mcp", json=LIST, headers=make.as_person(office.settings, office.person))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.json()["result"]["tools"]) > 20


async def test_who_shows_none_or_a_wrong_one_is_told_what_to_send(
    office: Office, http: httpx.AsyncClient
) -> None:
    cookie = make.as_browser(await make.session(office.control.state.rows, office.person), office.settings)
    for headers in ({}, make.as_bearer("wrong"), {"Authorization": "Basic YTpi"}, cookie):
        answer = await http.post("/mcp", json=LIST, headers=headers)
        assert answer.status_code == 401, headers
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "tools" not in answer.text


async def test_another_sites_page_is_refused_whatever_it_shows(
    office: Office, http: httpx.AsyncClient
) -> None:
    token = make.as_person(office.settings, office.person)
    for origin in ("https://evil.example", "null", f"{office.settings.base_url}.evil.example"):
        answer = await http.post("/mcp", json=LIST, headers={**token, "origin": origin})
        assert answer.status_code == 403, origin
    ours = await http.post("/mcp", json=LIST, headers={**token, "origin": office.settings.base_url})
    assert ours.status_code == 200


async def test_there_is_no_session_to_open_or_to_end(office: Office, http: httpx.AsyncClient) -> None:
    for method in ("GET", "DELETE"):
        answer = await http.request(method, "/mcp", headers=make.as_person(office.settings, office.person))
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_what_is_no_message_is_refused(office: Office, http: httpx.AsyncClient) -> None:
    token = make.as_person(office.settings, office.person)
    for body in ("{", "[]", '"tools/list"', _too_long()):
        answer = await http.post("/mcp", content=body, headers={**token, "content-type": "application/json"})
        assert 400 <= answer.status_code < 500, body[:20]


def _too_long() -> str:
    return '{"jsonrpc": "2.0", "id": 1, "method": "' + "x" * 300_000 + '"}'
