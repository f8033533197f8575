"""Settings: read once at start, from AIPRESS_* variables, then aipress.toml, then these defaults.

`.env.example` lists every one of them with its meaning; a test holds it to that.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from aipress.machine import default_data_dir, is_this_machine

HOST = r"^[a-z0-9.:\[\]-]*$"  # what may stand in nginx's configuration and in a content security policy
GEMINI = "gemini-3.8-flash"
CloudName = Literal["local", "gcp"]
SIGN_IN_WAYS = ("google", "apple", "github", "email-link")


class Settings(BaseSettings):
    """One installation's settings. Times are seconds, sizes mebibytes."""

    model_config = SettingsConfigDict(env_prefix="AIPRESS_", toml_file="aipress.toml", extra="ignore")

    data_dir: Path = Field(default_factory=default_data_dir, description="where everything is kept")
    port: int = Field(8080, ge=1, le=65535, description="the one port everything answers on")
    host: str = Field("localhost", description="the name people type; sites are NAME.<host>")
    cloud: CloudName = Field("local", description="where new sites are made")
    other_clouds: str = Field(
        "",
        pattern=r"^(?:(?:local|gcp)(?:,|$))*$",
        description="clouds besides that sites may be on, by comma: local, gcp; empty: none",
    )
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
    outbound: Literal["auto", "none"] = Field(
        "auto",
        description="whether sites reach the internet: auto, where this machine can keep them from all else; none",
    )
    uid_base: int = Field(700_000, ge=100_000, description="environment n runs as uid uid_base + n")
    session_days: int = Field(30, ge=1, description="how long a browser stays signed in")
    reconcile_seconds: int = Field(60, ge=1, description="how often what is, is compared with what should be")
    cron_seconds: int = Field(
        10,
        ge=1,
        description="how often each site is asked what its cron has due; no site waits longer for it",
    )
    meter_seconds: int = Field(
        300, ge=1, le=1800, description="how often is noted what sites use, for their costs"
    )
    log_days: int = Field(30, ge=1, le=400, description="how many days the lines of sites' logs are kept")
    log_quota_mb: int = Field(
        512, ge=1, description="how much, in MB, one site's logs may take; beyond it new lines are refused"
    )
    mail_per_hour: int = Field(100, ge=0, le=500, description="how many e-mails one site may send in an hour")
    smtp_host: str = Field(
        "", pattern=HOST, description="mail server that takes on sites' e-mails; empty: they are caught here"
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_user: str = Field("", description="who signs in there; empty: nobody does")
    smtp_password: str = Field("", repr=False, description="that account's password")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="how the way there is protected: starttls, tls, or none on this machine"
    )
    alert_minutes: int = Field(
        0, ge=0, le=60, description="how many bad minutes on end open an alert; 0: as many as its rule says"
    )
    alert_settle_seconds: int = Field(
        60, ge=5, le=600, description="how long after a minute everything in it is counted, for alerts"
    )
    webhook_private: bool = Field(
        False, description="whether webhooks of alerts may go to private addresses, and without TLS"
    )
    engine: str = Field(
        "offline",
        description="the assistant's model: offline, gemini, openai-compatible, or a pydantic-ai name",
    )
    model: str = Field(
        "", description=f"the model's name, where the engine needs one; for gemini, empty: {GEMINI}"
    )
    model_base_url: str = Field(
        "", description="base URL of an OpenAI-compatible endpoint; for gemini, empty: Google's own"
    )
    model_api_key: str = Field("", repr=False, description="API key of the model's provider; empty: none")
    tokens_per_day: int = Field(
        1_000_000,
        ge=0,
        description="how many tokens of a language model one person may use a day (UTC); 0: without limit",
    )
    google_cloud_project: str = Field(
        "", description="project id for the gcp cloud and for Gemini on Vertex AI"
    )
    google_cloud_location: str = Field("", description="region for the same")
    google_cloud_credentials: str = Field(
        "", description="path of a credentials file for Gemini on Vertex AI; empty: the machine's own"
    )
    gcp_platform: Path = Field(
        Path("gcp-platform.toml"),
        description="file that says what stands on Google Cloud for all sites, as Terraform wrote it",
    )
    gcp_endpoint: str = Field(
        "",
        pattern=r"^$|^http://127\.0\.0\.1:\d{1,5}$",
        description="where a simulator of Google Cloud answers on this machine; empty: Google itself",
    )
    gcp_visitors: str = Field(
        "",
        pattern=r"^$|^http://127\.0\.0\.1:\d{1,5}$",
        description="where that simulator's load balancer lets visitors in; empty: each site's own address",
    )
    gcp_sql_account: str = Field(
        "root",
        description="administrator of every shared Cloud SQL instance; its password is kept in Secret Manager",
    )
    cloudflare_token: str = Field(
        "",
        repr=False,
        description="API token for Cloudflare, where the platform's file names it; empty: Secret Manager's aipress-cloudflare-token",
    )
    cloudflare_endpoint: str = Field(
        "",
        pattern=r"^$|^http://127\.0\.0\.1:\d{1,5}$",
        description="who answers like Cloudflare on this machine, for tests; empty: Cloudflare itself",
    )
    firebase_project: str = Field(
        "", pattern=HOST, description="Firebase project people sign in with; empty: the built-in e-mail link"
    )
    firebase_api_key: str = Field(
        "", description="that project's web API key, which browsers are told: it is no secret"
    )
    firebase_auth_domain: str = Field(
        "", pattern=HOST, description="where its sign-in pages are; empty: <firebase_project>.firebaseapp.com"
    )
    firebase_providers: str = Field(
        ",".join(SIGN_IN_WAYS), description="which ways to sign in it offers, in this order"
    )
    firebase_credentials: str = Field(
        "",
        description="path of the Google service account's key file to ask it with; empty: the machine's own",
    )
    firebase_emulator: str = Field(
        "", pattern=HOST, description="host:port of Firebase's Auth emulator on this machine, for tests only"
    )
    testing: bool = Field(
        False, description="this is a test: unsigned tokens of the emulator are believed; never in production"
    )
    public_addresses: str = Field(
        "",
        description="addresses that visitors' domains should lead to, with commas; empty: to the site's platform host, and no diagnosis asks",
    )
    name_server: str = Field(
        "",
        pattern=r"^$|^[0-9a-f.:]+:\d{1,5}$",
        description="address:port of the name server to ask; empty: the machine's own",
    )
    tls_address: str = Field(
        "",
        pattern=r"^$|^[0-9a-z.:-]+:\d{1,5}$",
        description="host:port where visitors' browsers are shown certificates; empty: none is looked at",
    )
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

    @model_validator(mode="after")
    def _check_firebase(self) -> Self:
        """An emulator's tokens are signed by nobody: they count in tests alone, and production is no test."""
        if self.testing and self.is_production:
            raise ValueError(
                "AIPRESS_TESTING is set, but this is production (the gcp cloud, or a host that is not this "
                "machine). Unset it."
            )
        if not self.testing and (self.firebase_emulator or os.environ.get("FIREBASE_AUTH_EMULATOR_HOST")):
            raise ValueError(
                "AIPRESS_FIREBASE_EMULATOR or FIREBASE_AUTH_EMULATOR_HOST is set, so anybody could sign in as "
                "anybody. Unset it, or set AIPRESS_TESTING on a machine that is for tests."
            )
        if self.firebase_emulator and not is_this_machine(self.firebase_emulator.rpartition(":")[0]):
            raise ValueError("AIPRESS_FIREBASE_EMULATOR has to be host:port on this machine's loopback.")
        if bool(self.firebase_project) != bool(self.firebase_api_key):
            raise ValueError("AIPRESS_FIREBASE_PROJECT and AIPRESS_FIREBASE_API_KEY go together: set both.")
        if unknown := set(self.sign_in_ways) - set(SIGN_IN_WAYS):
            raise ValueError(
                f"AIPRESS_FIREBASE_PROVIDERS knows {', '.join(SIGN_IN_WAYS)}, not {', '.join(sorted(unknown))}."
            )
        return self

    @property
    def clouds(self) -> tuple[str, ...]:
        """Every cloud that sites may be on, that of new ones first."""
        return tuple(dict.fromkeys([self.cloud, *filter(None, self.other_clouds.split(","))]))

    @property
    def is_production(self) -> bool:
        """Whether others may reach this: on Google Cloud itself, or under a name that is not this machine's loopback."""
        return ("gcp" in self.clouds and not self.is_simulated) or not is_this_machine(self.host)

    @property
    def is_simulated(self) -> bool:
        """Whether Google Cloud is a simulator on this machine."""
        return "gcp" in self.clouds and bool(self.gcp_endpoint)

    @property
    def chosen_model(self) -> str:
        """The name of the language model; empty for the offline engine."""
        if self.engine == "offline":
            return ""
        return self.model or (GEMINI if self.engine == "gemini" else self.engine)

    @property
    def sign_in_ways(self) -> list[str]:
        """What `firebase_providers` lists."""
        return [way.strip() for way in self.firebase_providers.split(",") if way.strip()]

    @property
    def public_address_list(self) -> tuple[str, ...]:
        """What `public_addresses` lists."""
        return tuple(one.strip() for one in self.public_addresses.split(",") if one.strip())

    @property
    def firebase_pages(self) -> str:
        """The host name of Firebase's own sign-in pages."""
        return self.firebase_auth_domain or f"{self.firebase_project}.firebaseapp.com"

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
    def lines_dir(self) -> Path:
        """The lines of sites' logs, a folder for each tenant."""
        return self.data_dir / "lines"

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
