"""`aipress up`: from a fresh machine to an address and a way in. Safe to say again: what is right is left alone."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from aipress.cli import apart, foreground, say
from aipress.cli.client import Api
from aipress.cli.installation import Installation, check_paths, remember
from aipress.cli.machine import (
    accounts,
    cloud,
    code,
    directories,
    distribution,
    edge,
    files,
    frontend,
    google,
    grants,
    limits,
    mariadb,
    packages,
    programs,
    redis,
    services,
    site_image,
    supervisord,
    vault,
    wordpress,
)
from aipress.cli.ready import wait_until_ready
from aipress.cli.trouble import Trouble

FIRST = ("mariadb", "redis", "gcpsim")


@dataclass(frozen=True)
class Wishes:
    """What the person asked for. `agreed`: install packages without asking."""

    agreed: bool = False
    detached: bool = False


def bring_up(place: Installation, wishes: Wishes) -> None:
    """The whole of `up`. Raises Trouble or CloudError at the first thing that does not work."""
    began = time.monotonic()
    check_paths(place)
    cloud.check(place)
    ensure_packages(place, wishes)
    with one_at_a_time(place):
        stage = prepare(place)
        remember(place)
        changed = start(stage)
        with say.step("Waiting until everything answers"):
            wait_until_ready(place)
    greet(place, changed, time.monotonic() - began)
    if not wishes.detached:
        foreground.stay(place)


def ensure_packages(place: Installation, wishes: Wishes) -> None:
    """The distribution's packages; asks first unless the person has agreed already."""
    system = distribution.this_distribution()
    missing = distribution.missing_packages(
        distribution.wanted_packages(place.settings.php_version, simulates=place.simulates)
    )
    if missing and not place.is_root:
        raise Trouble(
            f"{len(missing)} packages of {system.name} are missing.",
            f"Please run: {packages.sudo_line(missing)}",
        )
    if (
        missing
        and not wishes.agreed
        and not say.agrees(f"Install {len(missing)} packages ({', '.join(missing)})?")
    ):
        raise Trouble("Nothing was installed.", "AIPress can't run without these packages.")
    with say.step(f"Packages of {system.name}") as note:
        if missing:
            packages.install(missing)
        note(f"installed {len(missing)}" if missing else "all there")


def prepare(place: Installation) -> programs.Stage:
    """Everything that has to lie on the disk before a service can start."""
    with say.step("Accounts and folders") as note:
        made = accounts.ensure_accounts(place.is_root)
        who = accounts.accounts(place.is_root)
        made = directories.ensure_directories(place.data, who) or made
        vault.ensure_master_key(place, who)
        note("made" if made else "all there")
    with say.step("Code") as note:
        stage = programs.Stage(place, who, code.ensure_code(place, who))
        note(
            "in this folder"
            if stage.code.home == place.checkout
            else "copied, since the platform's accounts can't read this folder"
        )
    with say.step("Front end") as note:
        note("built" if frontend.ensure_frontend(place.checkout, place.data) else "all there")
    with say.step("Databases") as note:
        memory, open_files = limits.memory(), limits.open_files()
        mariadb.configure(place.data, who, memory, open_files)
        redis.configure(place.data, who, memory, open_files)
        redis.ensure_administrator(place.data, who, vault.redis_password(place))
        note("made" if mariadb.ensure_installed(place.data, who) else "all there")
    return stage


def start(stage: programs.Stage) -> list[str]:
    """The services, databases first: WordPress's template is installed in them. Returns those started or restarted."""
    place, open_files = stage.place, limits.open_files()
    with say.step("WordPress") as note:
        core = wordpress.ensure_files(place, note)
    edge.ensure_nginx(place, stage.who, core)
    image = _site_image(place) if place.simulates else ""
    everything = programs.programs(stage, _fingerprints(place))
    started: list[str] = []
    if not services.is_supervised(place):
        with say.step("Starting MariaDB and Redis"):
            first = [one for one in everything if one.name in FIRST]
            supervisord.write_settings(stage, first, open_files)
            services.start_supervisord(place)
            started += [one.name for one in first]
    _databases_answer(place)
    with say.step("The template of all sites") as note:
        note(wordpress.ensure_template(place, core))
    if place.simulates:
        with say.step("Google Cloud, simulated") as note:
            supervisord.write_settings(stage, everything, open_files)
            started += services.refresh(place, only=("gcpsim",))
            note("made" if google.ensure_platform(place, image) else "all there")
        everything = programs.programs(stage, _fingerprints(place))
    with say.step("Services") as note:
        supervisord.write_settings(stage, everything, open_files)
        started += services.refresh(place)
        note(f"started {', '.join(started)}" if started else "all running")
    return started


def _site_image(place: Installation) -> str:
    """The image's name by digest."""
    there = site_image.is_there(place)
    title = "The sites' image" if there else "Building the sites' image, once for this code: some minutes"
    with say.step(title) as note:
        image = site_image.ensure_image(place, lambda _: None)
        note("all there" if there else "built")
    return image


def greet(place: Installation, started: list[str], seconds: float) -> None:
    """The address, the way in, and whether sites are kept apart."""
    link = Api(place).post("/auth/admin-link")
    say.line()
    say.styled(
        f"[bold green]AIPress is running[/] [dim]({seconds:.0f} s)[/]"
        if started
        else "[bold green]AIPress was running already[/]"
    )
    say.line(f"  Address   {place.settings.base_url}/")
    say.line(f"  Sign in   {link['url']}")
    say.line(f"            (works once, until {link['expires_at']}; ./aipress up makes another)")
    say.line(f"  Cloud     {cloud.in_words(place)}")
    for line in apart.told(apart.everywhere(place)):
        say.line(f"  Sites     {line}")
    say.line()


@contextmanager
def one_at_a_time(place: Installation) -> Iterator[None]:
    """Two `up`s in one data directory would undo each other's work."""
    place.data.mkdir(parents=True, exist_ok=True)
    with Path(place.data, ".up.lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise Trouble(
                f"Another ./aipress up or down is at work in {place.data}.",
                "Please try again when it has finished.",
            ) from error
        yield


def _fingerprints(place: Installation) -> dict[str, str]:
    """What makes a service start anew when it changes: its own settings files."""
    return {
        "mariadb": files.digest(mariadb.settings_file(place.data)),
        "redis": files.digest(redis.settings_file(place.data))
        + files.digest(place.settings.vault_dir / "platform/redis-admin.sealed"),
        "nginx": files.digest(place.data / "nginx/nginx.conf"),
        "control": _digest_of_platform(place),
    }


def _digest_of_platform(place: Installation) -> str:
    """Of what stands on Google Cloud, which the control plane reads when it starts."""
    path = place.settings.gcp_platform
    return files.digest(path) if "gcp" in place.settings.clouds and path.is_file() else ""


def _databases_answer(place: Installation) -> None:
    socket, account = place.run / "mariadb.sock", wordpress.database_account(place)
    grants.wait_for_mariadb(socket, account)
    if wrong := grants.what_is_open(socket, account):
        raise Trouble(
            f"MariaDB is open where it must not be: {'; '.join(wrong)}.",
            "Nothing was started on it. See ./aipress doctor.",
        )
    who = accounts.accounts(place.is_root)
    administrator = who.control.name
    if not grants.administrates(socket, account, administrator):
        raise Trouble(f"MariaDB's account {administrator} may not make databases.", "See ./aipress doctor.")
    grants.let_take_slow_log(socket, account, who.logs.name)
