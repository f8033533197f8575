"""MCP clients at a whole platform: through nginx by address and token, and with `./aipress mcp` as their child."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.e2e.platform import CHECKOUT, Platform
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]

ADA = "ada-of-mcp@example.com"


@pytest.fixture(scope="module")
def token(platform: Platform) -> str:
    return platform.aipress("token", "--email", ADA).stdout.strip()


@pytest.mark.parametrize("way", ["http", "stdio"])
async def test_a_client_makes_a_site_and_is_given_a_plan_which_the_person_confirms(
    platform: Platform, token: str, way: str
) -> None:
    name = f"Made over {way}"
    async with _client(platform, token, way) as client:
        assert len((await client.list_tools()).tools) > 20
        made = (await client.call_tool("create_site", {"name": name})).structured_content
        slug = made["tenant"]
        await until(lambda: _is(client, slug, "live"), seconds=60, pause=0.4)
        assert platform.visit(slug).status_code == 200

        plan = (await client.call_tool("delete_site", {"tenant": slug})).structured_content
        assert plan["link"] == f"{platform.url}/plans/{plan['plan_id']}"
        assert platform.visit(slug).status_code == 200
        _confirm(platform, token, plan["plan_id"])
        await until(lambda: _is(client, slug, None), seconds=60, pause=0.4)
    assert platform.visit(slug).status_code == 404


def test_the_page_of_a_plan_is_the_apps(platform: Platform) -> None:
    with _edge(platform) as edge:
        answer = edge.get("/plans/pln_any")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_who_shows_no_token_is_told_what_to_send(platform: Platform) -> None:
    with _edge(platform) as edge:
        answer = edge.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_who_asks_too_fast_is_slowed_down(platform: Platform) -> None:
    with _edge(platform) as edge:
        answers = [edge.post("/mcp", json={}) for _ in range(150)]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 401
    assert slowed
    assert slowed[0].json()["code"] == "too_many_requests"
    assert slowed[0].headers["retry-after"]


def test_a_token_that_is_not_good_ends_the_command_with_a_sentence(
    platform: Platform, tmp_path: Path
) -> None:
    wrong = tmp_path / "token"
    wrong.write_text("wrong")
    done = platform.aipress("mcp", "--token-file", str(wrong), check=False, seconds=60)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "token" in done.stderr


@asynccontextmanager
async def _client(platform: Platform, token: str, way: str) -> AsyncIterator[Client]:
    if way == "stdio":
        told = {
            **os.environ,
            "AIPRESS_DATA_DIR": str(platform.data),
            "AIPRESS_PORT": str(platform.port),
            "AIPRESS_TOKEN": token,
        }
        command = StdioServerParameters(command=str(CHECKOUT / "aipress"), args=["mcp"], env=told)
        async with Client(command) as client:
            yield client
        return
    headers = {"authorization": f"Bearer {token}", "host": f"localhost:{platform.port}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        door = streamable_http_client(f"http://127.0.0.1:{platform.port}/mcp", http_client=http)
        async with Client(door) as client:
            yield client


async def _is(client: Client, slug: str, state: str | None) -> bool:
    """Whether the site is in this state; None: whether it is gone."""
    seen = await client.call_tool("get_site", {"tenant": slug})
    found: dict[str, Any] = seen.structured_content
    return bool(seen.is_error) if state is None else found.get("state") == state


def _confirm(platform: Platform, token: str, plan_id: str) -> None:
    with _edge(platform, authorization=f"Bearer {token}") as edge:
        plan = edge.get(f"/api/plans/{plan_id}").json()
        yes = {"hash": plan["hash"], "typed_name": plan["typed_name"]}
        answer = edge.post(f"/api/plans/{plan_id}/confirmation", json=yes)
    assert answer.status_code == 202, answer.text


def _edge(platform: Platform, **headers: str) -> httpx.Client:
    base = f"http://127.0.0.1:{platform.port}"
    return httpx.Client(base_url=base, headers={"host": f"localhost:{platform.port}", **headers}, timeout=60)
