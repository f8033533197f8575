"""Which installation a command means, and the settings it goes by: flags, environment, aipress.toml, memory, defaults."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from aipress.cli.installation import Installation, check_paths, find, remember
from aipress.cli.trouble import Trouble
from aipress.config import Settings


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory without aipress.toml, and an environment that says nothing but where the data lies."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"AIPRESS_{name.upper()}", raising=False)
    monkeypatch.setenv("AIPRESS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_word_the_defaults_hold(bare: Path) -> None:
    place = find()
    assert (place.settings.port, place.settings.host, place.settings.cloud) == (8080, "localhost", "local")
    assert (place.data, place.run, place.logs) == (
        bare / "data",
        bare / "data/run",
        bare / "data/logs",
    )


def test_a_flag_wins_over_the_environment_that_over_the_file_and_that_over_memory(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / "data").mkdir()
    remember(find(port=1001))
    assert find().settings.port == 1001
    (bare / "aipress.toml").write_text('port = 1002\nhost = "sites.example"\n')
    assert (find().settings.port, find().settings.host) == (1002, "sites.example")
    monkeypatch.setenv("AIPRESS_PORT", "1003")
    assert (find().settings.port, find().settings.host) == (1003, "sites.example")
    assert find(port=1004).settings.port == 1004
    assert find(bare / "other").data == bare / "other"


def test_the_simulator_of_google_cloud_is_remembered_until_somebody_says_otherwise(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / "data").mkdir()
    remember(find(port=1001, gcp_sim=True))
    found = find()
    assert (found.simulates, found.settings.is_simulated) == (True, True)
    assert found.settings.clouds == ("local", "gcp")
    assert found.settings.gcp_endpoint == "http://127.0.0.1:1020"
    assert found.settings.gcp_platform == bare / "data/gcp-platform.toml"
    assert find(port=1004).settings.gcp_endpoint == "http://127.0.0.1:1023"
    monkeypatch.setenv("AIPRESS_PORT", "1003")
    assert find().settings.gcp_endpoint == "http://127.0.0.1:1022"
    for first, other in (("gcp", "local"), ("local", "gcp")):
        monkeypatch.setenv("AIPRESS_CLOUD", first)
        assert (find().simulates, find().settings.clouds) == (True, (first, other))
    remember(find(gcp_sim=False))
    assert (find().simulates, find().settings.clouds) == (False, ("local",))


def test_google_cloud_itself_is_simulated_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIPRESS_CLOUD", "gcp")
    found = find()
    assert (found.simulates, found.settings.is_production, found.settings.gcp_endpoint) == (False, True, "")


def test_a_test_may_have_a_simulator_and_no_google(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIPRESS_CLOUD", "gcp")
    monkeypatch.setenv("AIPRESS_TESTING", "true")
    assert not find(gcp_sim=True).settings.is_production
    with pytest.raises(Trouble, match="this is production"):
        find()


def test_a_relative_path_is_meant_from_here(bare: Path) -> None:
    assert find(Path("here")).data == bare / "here"


@pytest.mark.parametrize("memory", ["", "{", '{"port": "many"}', "{}", "[]"])
def test_a_memory_that_makes_no_sense_is_none(bare: Path, memory: str) -> None:
    (bare / "data").mkdir()
    (bare / "data/platform.json").write_text(memory)
    assert find().settings.port == 8080


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("CLOUD", "moon"),
        ("POOL_SIZE", "-1"),
        ("LOG_LEVEL", "x"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"AIPRESS_{name}", value)
    with pytest.raises(Trouble, match="A setting makes no sense") as trouble:
        find()
    assert name.lower() in trouble.value.what
    assert ".env.example" in trouble.value.remedy


def test_a_secret_that_is_set_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIPRESS_MODEL_API_KEY", "hunter2")
    monkeypatch.setenv("AIPRESS_DATABASE_URL", "postgresql://aipress:hunter3@db/aipress")
    settings = Settings()
    assert settings.model_api_key == "hunter2"
    for shown in (repr(settings), str(settings), repr(find())):
        assert "hunter" not in shown
    monkeypatch.setenv("AIPRESS_PORT", "many")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "hunter" not in str(refused.value)


def test_a_data_directory_that_can_not_hold_sockets_is_refused(bare: Path) -> None:
    def place(data: Path) -> Installation:
        return Installation(Settings(data_dir=data), bare, is_root=False)

    check_paths(place(Path("/srv/aipress")))
    for data, why in ((Path("/srv") / ("x" * 90), "too long"), (Path("data"), "absolute")):
        with pytest.raises(Trouble, match=why):
            check_paths(place(data))


def test_as_root_a_data_directory_that_other_accounts_can_not_reach_is_refused(bare: Path) -> None:
    closed = bare / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Trouble, match="can't enter") as trouble:
        check_paths(Installation(Settings(data_dir=closed / "data"), bare, is_root=True))
    assert "chmod o+x" in trouble.value.remedy
    check_paths(Installation(Settings(data_dir=Path("/srv/aipress")), bare, is_root=True))


@pytest.mark.parametrize(
    ("settings", "address", "site"),
    [
        ({}, "http://localhost:8080", "http://blog.localhost:8080"),
        ({"port": 80}, "http://localhost", "http://blog.localhost"),
        ({"host": "sites.example", "port": 80}, "http://sites.example", "http://blog.sites.example"),
    ],
)
def test_addresses_are_what_people_type(settings: dict[str, object], address: str, site: str) -> None:
    made = Settings.model_validate(settings)
    assert (made.base_url, made.site_url("blog")) == (address, site)


@pytest.mark.parametrize(
    ("url", "rows", "workflows"),
    [
        ("", "sqlite+aiosqlite:///{}/control/aipress.sqlite3", "sqlite:///{}/control/workflows.sqlite3"),
        ("postgresql://db/a", "postgresql://db/a", "postgresql://db/a"),
        ("sqlite+aiosqlite:////a.db", "sqlite+aiosqlite:////a.db", "sqlite:///{}/control/workflows.sqlite3"),
    ],
)
def test_workflows_share_a_server_but_never_a_file(bare: Path, url: str, rows: str, workflows: str) -> None:
    settings = Settings(data_dir=bare, database_url=url)
    assert settings.rows_url == rows.format(bare)
    assert settings.workflows_url == workflows.format(bare)
