"""Settings: read once at start, from AIPRESS_* variables, then aipress.toml, then these defaults.

`.env.example` lists every one of them with its meaning; a test holds it to that.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


def default_data_dir() -> Path:
    """Where everything of one installation lives: the system's place for root, the person's otherwise."""
    return Path("/var/lib/aipress") if os.geteuid() == 0 else Path.home() / ".local/share/aipress"


class Settings(BaseSettings):
    """One installation's settings. Times are seconds, sizes mebibytes."""

    model_config = SettingsConfigDict(env_prefix="AIPRESS_", toml_file="aipress.toml", extra="ignore")

    data_dir: Path = Field(default_factory=default_data_dir, description="where everything is kept")
    port: int = Field(8080, ge=1, le=65535, description="the one port everything answers on")
    host: str = Field("localhost", description="the name people type; sites are NAME.<host>")
    cloud: Literal["local", "gcp"] = Field("local", description="where new sites are made")
    database_url: str = Field(
        "",
        repr=False,
        description="SQLAlchemy URL of the control plane's rows; empty: SQLite in the data directory",
    )
    admin_email: str = Field(
        "admin@localhost", description="whoever signs in with this address first is an admin"
    )
    mail_from: str = Field("aipress@localhost", description="sender of the platform's e-mails")
    site_quota: int = Field(1000, ge=0, description="how many sites one person may have")
    wordpress_version: str = Field("7.1.4", description="the pinned WordPress")
    php_version: str = Field("", description="the PHP to run, such as 8.2; empty: the distribution's own")
    pool_size: int = Field(2, ge=0, description="environments kept prepared, ready to be claimed")
    disk_reserve_mb: int = Field(256, ge=0, description="free space, in MB, below which no new site is made")
    idle_seconds: int = Field(300, ge=1, description="how long a site without visitors stays awake")
    uid_base: int = Field(700_000, ge=100_000, description="environment n runs as uid uid_base + n")
    session_days: int = Field(30, ge=1, description="how long a browser stays signed in")
    reconcile_seconds: int = Field(60, ge=1, description="how often what is, is compared with what should be")
    engine: str = Field(
        "offline",
        description="the assistant's model: offline, gemini, openai-compatible, or a pydantic-ai name",
    )
    model: str = Field("", description="the model's name, where the engine needs one")
    model_base_url: str = Field("", description="base URL of an OpenAI-compatible endpoint")
    model_api_key: str = Field("", repr=False, description="API key of the model's provider; empty: none")
    google_cloud_project: str = Field(
        "", description="project id for the gcp cloud and for Gemini on Vertex AI"
    )
    google_cloud_location: str = Field("", description="region for the same")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="how much the services say"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @cached_property
    def base_url(self) -> str:
        """The app's address as people type it."""
        return f"http://{self.host}{self.port_suffix}"

    @property
    def port_suffix(self) -> str:
        return "" if self.port == 80 else f":{self.port}"

    @property
    def control_dir(self) -> Path:
        return self.data_dir / "control"

    @property
    def run_dir(self) -> Path:
        return self.data_dir / "run"

    @property
    def vault_dir(self) -> Path:
        return self.data_dir / "vault"

    @property
    def rows_url(self) -> str:
        """The database of rows, as an async SQLAlchemy URL."""
        return self.database_url or f"sqlite+aiosqlite:///{self.control_dir}/aipress.sqlite3"

    @property
    def workflows_url(self) -> str:
        """The workflow engine's database: the same PostgreSQL, or a SQLite file beside the rows (one writer each)."""
        if self.database_url.startswith("postgresql"):
            return self.database_url
        return f"sqlite:///{self.control_dir}/workflows.sqlite3"

    def site_url(self, slug: str) -> str:
        """Where a site of this name answers."""
        return f"http://{slug}.{self.host}{self.port_suffix}"
