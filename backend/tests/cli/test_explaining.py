"""`aipress chat --explain` and `aipress eval`: what would be done, said to people and to scripts, with and without a platform."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aipress.auth.operator import operator_token
from aipress.cli.app import app
from aipress.cli.trouble import Trouble
from tests.api.wire import served
from tests.api.world import World
from tests.tenants.lasting import together


def say(*words: str) -> Result:
    done = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_a_script_reads_what_would_be_done() -> None:
    said = say("chat", "--explain", "--json", "delete the shop", "--sites", "blog,shop").stdout
    assert json.loads(said) == {"action": "DELETE_SITE", "arguments": {"tenant": "shop"}}


def test_the_thread_and_the_role_count() -> None:
    thread = ("--thread", "how is the shop?", "--sites", "blog,shop")
    said = say("chat", "--explain", "--json", "and its logs?", *thread).stdout
    assert json.loads(said)["arguments"] == {"tenant": "shop"}
    words = ("chat", "--explain", "--json", "logs of acme-corp", "--sites", "blog,shop")
    assert json.loads(say(*words).stdout) == {"decline": True}
    assert json.loads(say(*words, "--role", "admin").stdout)["arguments"] == {"tenant": "acme-corp"}


def test_a_person_reads_a_line_for_each_wish() -> None:
    said = say(
        "chat", "--explain", "clear the cache of the blog and list my sites", "--sites", "blog,shop"
    ).stdout
    assert said == "PURGE_CACHE tenant='blog'\nLIST_SITES\n"
    assert say("chat", "--explain", "delete my site", "--sites", "blog,shop").stdout == "ask tenant\n"
    assert say("chat", "--explain", "write a poem", "--sites", "blog,shop").stdout == "decline\n"


def test_without_a_platform_no_sites_are_known_and_that_is_said(tmp_path: Path) -> None:
    done = say("chat", "--explain", "--json", "create a site called Luna", "--data", str(tmp_path))
    assert json.loads(done.stdout) == {"action": "CREATE_SITE", "arguments": {"name": "Luna"}}
    assert "--sites" in done.stderr


@pytest.mark.parametrize("words", [("chat", "hi", "--sites", "a"), ("chat", "hi", "--engine", "offline")])
def test_options_of_explain_alone_are_refused(words: tuple[str, ...]) -> None:
    assert say(*words).exit_code == 2


@pytest.mark.parametrize("words", [("--explain",), ("--explain", "hi", "--role", "king")])
def test_what_makes_no_sense_is_said(words: tuple[str, ...]) -> None:
    with pytest.raises(Trouble):
        say("chat", *words)


LINES = (
    {
        "text": "is the shop up?",
        "sites": ["shop"],
        "expect": {"action": "GET_SITE", "arguments": {"tenant": "shop"}},
    },
    {"text": "delete the shop", "sites": ["shop"], "expect": {"decline": True}},
)


def test_a_file_is_scored(tmp_path: Path) -> None:
    file = tmp_path / "two.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    found = json.loads(say("eval", str(file), "--json").stdout)
    assert list(found) == ["engine", "total", "correct", "score", "misfires", "wrong"]
    assert (found["engine"], found["total"], found["correct"], found["score"]) == ("offline", 2, 1, 0.5)
    assert found["misfires"]["DELETE_SITE"] == 1
    assert found["wrong"] == [
        {
            "text": "delete the shop",
            "expect": {"decline": True},
            "got": {"action": "DELETE_SITE", "arguments": {"tenant": "shop"}},
        }
    ]
    told = say("eval", str(file), "--engine", "offline").stdout
    assert "1 of 2" in told
    assert "DELETE_SITE 1" in told


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    with pytest.raises(Trouble, match="No such file"):
        say("eval", str(file))
    file.write_text('{"text": "hi", "expect": {"action": "HELP"}}\n{"text"')
    with pytest.raises(Trouble, match=r"bad\.jsonl: Line 2"):
        say("eval", str(file))
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Trouble, match="UTF-8"):
        say("eval", str(file))


def test_scoring_offline_brings_no_model_s_library_along() -> None:
    code = """import sys, aipress.cli.explaining, aipress.chat.offline.decide as d
d.understand("restore the latest backup of blog", d.Caller())
print(*[m for m in ("pydantic_ai", "fastapi", "sqlalchemy") if m in sys.modules])"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@together
async def test_against_a_platform_ones_own_sites_are_meant(world: World) -> None:
    await world.site(await world.ada(email="ada@example.com", name="Ada"), "Fern and Fig")
    operator_token(world.settings)
    world.settings.run_dir.mkdir(exist_ok=True)
    async with served(world, world.settings.run_dir / "control.sock"):
        words = ("chat", "--explain", "--json", "is fern and fig up?", "--data", str(world.settings.data_dir))
        said = await asyncio.to_thread(lambda: say(*words).stdout)
    assert json.loads(said) == {"action": "GET_SITE", "arguments": {"tenant": "fern-and-fig"}}
