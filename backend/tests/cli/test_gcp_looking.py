"""The doctor and the audit of Google Cloud from the command line, on the simulator."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aipress.cli.app import app
from aipress.cli.trouble import Trouble
from aipress.clouds.gcp import buckets
from aipress.config import Settings
from aipress.kit.db import Database, Row
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp.fronts import FRONT
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE, ask
from tests.clouds.gcp.simulated import answering
from tests.clouds.gcp.standing import PROJECT, STANDING, TABLE, changed, stand
from tests.fakes.cloudflare import TOKEN, FakeCloudflare, cloudflare

FILE = f"""
billing_table = "{TABLE}"
[[shards]]
project = "{PROJECT}"
region = "{PLACE.region}"
domain = "{PLACE.domain}"
image = "{PLACE.image}"
network = "{PLACE.network}"
subnetwork = "{PLACE.subnetwork}"
addresses = ["203.0.113.10"]
cache = {{ name = "sites", address = "{PLACE.cache}" }}
instances = [{{ name = "pool-1", address = "{STANDING.shards[0].instances[0].address}" }}]
"""


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Simulator]:
    """A platform in order, at a simulator that the settings name."""
    simulator = Simulator(new_world())
    stand(simulator)
    simulator.world.store.remove(f"storage/b/{PROJECT}-w{ID}", 0)
    (tmp_path / "platform.toml").write_text(FILE)
    with answering(simulator) as endpoint:
        monkeypatch.setenv("AIPRESS_GCP_ENDPOINT", endpoint)
        monkeypatch.setenv("AIPRESS_GCP_PLATFORM", str(tmp_path / "platform.toml"))
        monkeypatch.setenv("AIPRESS_DATA_DIR", str(tmp_path / "data"))
        yield simulator


@pytest.fixture
def known(there: Simulator) -> None:
    """The rows of a platform that has placed nobody yet."""

    async def make() -> None:
        settings = Settings()
        settings.control_dir.mkdir(parents=True)
        rows = Database(settings.rows_url)
        async with rows.engine.begin() as connection:
            await connection.run_sync(Row.metadata.create_all)
        await rows.close()

    asyncio.run(make())


def say(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["gcp", *words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_a_platform_in_order_is_said_to_be(there: Simulator) -> None:
    assert say("doctor") == (0, "Nothing is wrong on Google Cloud, as far as can be seen from here.\n")
    code, shown = say("doctor", "--json")
    assert (code, json.loads(shown)) == (0, {"complaints": []})


def test_what_is_wrong_is_shown_with_what_to_do(there: Simulator) -> None:
    changed(there, f"compute/projects/{PROJECT}/global/backendServices/sites", "enableCDN", False)
    code, shown = say("doctor")
    assert (code, "backend service" in shown, "has no cache" in shown) == (1, True, True)
    code, shown = say("doctor", "--json")
    (told,) = json.loads(shown)["complaints"]
    assert (code, told["where"], told["said"], bool(told["remedy"])) == (1, PROJECT, "has no cache", True)


def test_cloudflare_is_looked_at_where_the_platforms_file_names_it(
    there: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = FRONT.model_dump().items()
    named = "\n".join(["[cloudflare]", *(f"{name} = {json.dumps(value)}" for name, value in fields)])
    (tmp_path / "platform.toml").write_text(f"{FILE}\n{named}\n")
    fake = FakeCloudflare()
    with cloudflare(fake) as endpoint:
        monkeypatch.setenv("AIPRESS_CLOUDFLARE_ENDPOINT", endpoint)
        code, shown = say("doctor", "--json")
        told = json.loads(shown)["complaints"]
        assert (code, all("AIPRESS_CLOUDFLARE_TOKEN" in one["said"] for one in told), len(told)) == (
            1,
            True,
            3,
        )
        monkeypatch.setenv("AIPRESS_CLOUDFLARE_TOKEN", TOKEN)
        assert say("doctor")[0] == 0
        fake.standing.clear()
        assert [one["where"] for one in json.loads(say("doctor", "--json")[1])["complaints"]] == [
            "Cloudflare"
        ] * 3


@pytest.mark.usefixtures("known")
def test_what_is_nobodys_is_listed(there: Simulator) -> None:
    assert say("audit") == (
        0,
        "Everything on Google Cloud belongs to a site, or to the platform, and is billed so.\n",
    )
    assert ask(there, buckets.bucket(ENVIRONMENT, PLACE)).status == 200
    code, shown = say("audit")
    assert (code, f"{PROJECT}-w{ID}" in shown) == (1, True)
    code, shown = say("audit", "--json")
    (told,) = json.loads(shown)["items"]
    assert (code, told["kind"], told["why"]) == (1, "bucket", f"environment {ID} is placed nowhere")


def test_where_no_platform_is_nothing_is_made(there: Simulator, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="There is no platform"):
        say("audit")
    assert not (tmp_path / "data").exists()


def test_without_a_platforms_file_it_is_said_what_to_set(there: Simulator, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="AIPRESS_GCP_PLATFORM"):
        say("doctor", "--platform", str(tmp_path / "nothing.toml"))
