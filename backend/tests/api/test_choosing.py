"""The control plane chooses its cloud by its settings, and says in one line what hinders it."""

from pathlib import Path

import pytest

from aipress.api.choosing import chosen_clouds
from aipress.config import Settings
from aipress.kit.db import Database

SHARD = f"""
project = "aipress-eu1"
region = "europe-west1"
domain = "eu1.example.com"
image = "images/wordpress@sha256:{64 * "0"}"
network = "sites"
subnetwork = "sites"
cache = {{ name = "sites", address = "10.30.0.5:6379" }}
instances = [{{ name = "pool-1", address = "10.20.0.3" }}]
"""
PLATFORM = f"[[shards]]{SHARD}"


async def test_the_settings_name_the_cloud(rows: Database, tmp_path: Path) -> None:
    (local,) = chosen_clouds(Settings(data_dir=tmp_path), rows)
    assert (local.name, local.prepares) == ("local", True)
    (google,) = chosen_clouds(_google(tmp_path, PLATFORM), rows)
    assert (google.name, google.prepares) == ("gcp", False)


async def test_a_platform_may_have_both_and_new_sites_are_on_the_one_that_is_named_first(
    rows: Database, tmp_path: Path
) -> None:
    google = _google(tmp_path, PLATFORM)
    for first, other in (("local", "gcp"), ("gcp", "local")):
        both = google.model_copy(update={"cloud": first, "other_clouds": f"{other},{first}"})
        assert [one.name for one in chosen_clouds(both, rows)] == [first, other]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "can't be read"),
        ("shards = [", "is wrong"),
        ("shards = []", "is wrong"),
        (PLATFORM.replace("sha256:", "sha1:"), "not named by its digest"),
        (PLATFORM + "unheard_of = 1\n", "unheard_of"),
    ],
)
def test_a_platforms_file_that_is_missing_or_wrong_ends_the_start_with_one_line(
    rows: Database, tmp_path: Path, text: str | None, said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        chosen_clouds(_google(tmp_path, text), rows)
    assert said in str(ended.value)
    assert "\n" not in str(ended.value)


def _google(tmp_path: Path, text: str | None) -> Settings:
    file = tmp_path / "platform.toml"
    if text is not None:
        file.write_text(text)
    return Settings(data_dir=tmp_path, cloud="gcp", gcp_platform=file)
