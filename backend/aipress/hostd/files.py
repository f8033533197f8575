"""An environment's directory and the links by which nginx finds it."""

import contextlib
import os
import re
from pathlib import Path

from aipress.clouds.local.content import ensure_content
from aipress.hostd import mail
from aipress.hostd.host import Host
from aipress.hostd.pages import ensure_pages
from aipress.hostd.safely import empty, ensure_directory, throw_away
from aipress.hostd.sandbox import view_of
from aipress.hostd.verbs import Refusal

DRAFT = ".new-"
LONGEST_SOCKET_PATH = 107  # sun_path of unix(7), less its final zero
SITE_LINK = re.compile(r"\.\./\.\./environments/([0-9a-f]{12})")


def make_files(host: Host, id: str, uid: int, version: str) -> None:
    """`environments/<id>` with all that belongs in it. Made beside its place and moved there whole, or mended where it is."""
    core = _core(host, version)
    place = host.environment(id)
    if place.is_dir():
        check_owner(host, place, uid)
        _furnish(host, place, uid)
        return
    draft = host.environments / f"{DRAFT}{id}"
    throw_away(draft, host.trash)
    draft.mkdir(mode=0o700)
    (draft / "core").symlink_to(f"../../wordpress/{core.name}")
    _furnish(host, draft, uid)
    ensure_directory(draft, 0o750, (0, host.web_gid))
    draft.rename(place)


def remove_files(host: Host, id: str) -> None:
    """Take the directory away, then remove it: what a tenant's program still writes there is written into the trash."""
    for place in (host.environment(id), host.environments / f"{DRAFT}{id}"):
        throw_away(place, host.trash)
    empty(host.trash)


def check_owner(host: Host, place: Path, uid: int) -> None:
    """Refuse a uid that is not the one the environment's files belong to."""
    if host.is_root and (place / "content").lstat().st_uid != uid:
        raise Refusal("conflict", f"the files of {place.name} belong to another uid")


def publish(host: Host, id: str, name: str) -> None:
    """`edge/sites/<name>`, at once or not at all."""
    if not host.environment(id).is_dir():
        raise Refusal("not_found", f"environment {id} has no files to publish")
    if len(os.fsencode(host.sites / name / "run/real.sock")) > LONGEST_SOCKET_PATH:
        raise Refusal("too_long", f"{name} is too long a name: nginx could not reach its socket through it")
    try:
        os.symlink(f"../../environments/{id}", host.sites / name)
    except FileExistsError:
        if published(host).get(name) != id:
            raise Refusal("conflict", f"{name} leads to another environment; withdraw it first") from None


def withdraw(host: Host, name: str, id: str) -> None:
    """Remove the link of `name`; with an `id`, only if it leads there."""
    if id and published(host).get(name) != id:
        return
    (host.sites / name).unlink(missing_ok=True)


def published(host: Host) -> dict[str, str]:
    """Environment by host name; empty where a link leads to none."""
    found = {}
    for entry in os.scandir(host.sites):
        with contextlib.suppress(OSError):
            shaped = SITE_LINK.fullmatch(os.readlink(entry.path))
            found[entry.name] = shaped[1] if shaped else ""
    return found


def clear_leftovers(host: Host) -> None:
    """What a killed predecessor had half-made or half-removed."""
    for entry in os.scandir(host.environments):
        if entry.name.startswith(DRAFT):
            throw_away(Path(entry.path), host.trash)
    empty(host.trash)


def _furnish(host: Host, place: Path, uid: int) -> None:
    owner = (uid, uid) if host.is_root else (os.getuid(), os.getgid())
    ensure_directory(place / "run", 0o750, (0, host.web_gid))
    ensure_directory(place / "logs", 0o750, (0, host.logs_gid))
    ensure_directory(place / "label", 0o755, (0, 0))
    ensure_directory(place / "tmp", 0o700, owner)
    ensure_directory(place / "opcache", 0o700, owner)
    ensure_pages(host, place, owner)
    ensure_directory(place / mail.SPOOL, 0o700, owner)
    core = Path(os.path.realpath(place / "core"))
    ensure_content(place / "content", core, view_of(host, place).core, owner)


def _core(host: Host, version: str) -> Path:
    shelf = host.data / "wordpress"
    if version:
        found = [shelf / version] if (shelf / version).is_dir() else []
    else:
        found = [path for path in shelf.glob("[0-9]*") if path.is_dir()]
    if not found:
        raise Refusal("not_found", f"WordPress {version or 'of any version'} is not installed in {shelf}")
    return max(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path.name)])
