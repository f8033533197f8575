"""Whose a line is, by where it was found: the links by which nginx finds sites, and the label root gave an environment."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from aipress.clouds.local.logs.place import ENVIRONMENT, TENANT

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
SITE_LINK = re.compile(r"\.\./\.\./environments/([0-9a-f]{12})")
Stamp = tuple[int, int]


@dataclass
class Owners:
    """Remembers what it found for as long as it stands; what was not found is looked for again."""

    data: Path
    _hosts: dict[str, str] = field(default_factory=dict)
    _sites: Stamp = (0, 0)
    _tenants: dict[str, tuple[Stamp, str]] = field(default_factory=dict)
    _now: dict[str, str] = field(default_factory=dict)

    def look_again(self) -> None:
        """Once a round: links that were made or removed since, and environments that became somebody's."""
        self._now.clear()
        stamp = _stamp(self.data / "edge/sites")
        if stamp != self._sites:
            self._hosts.clear()
            self._sites = stamp

    def environment_of(self, host: str) -> str:
        """The environment that answers under this name; empty: none."""
        found = self._hosts.get(host) or self._read_link(host)
        if found:
            self._hosts[host] = found
        return found

    def tenant_of(self, environment: str) -> str:
        """Whose it is in this round; empty: nobody's."""
        if environment not in self._now:
            self._now[environment] = self._labelled(environment)
        return self._now[environment]

    def is_there(self, environment: str) -> bool:
        """Whether it still is somebody's at this moment: its files go before what is kept of it."""
        return bool(_read(self._label(environment)))

    def _label(self, environment: str) -> Path:
        return self.data / "environments" / environment / "label/tenant"

    def _labelled(self, environment: str) -> str:
        if not ENVIRONMENT.fullmatch(environment):
            return ""
        label = self._label(environment)
        stamp = _stamp(label)
        if self._tenants.get(environment, ((), ""))[0] != stamp:
            self._tenants[environment] = (stamp, _read(label))
        return self._tenants[environment][1]

    def _read_link(self, host: str) -> str:
        if not HOST.fullmatch(host):
            return ""
        try:
            shaped = SITE_LINK.fullmatch(os.readlink(self.data / "edge/sites" / host))
        except OSError:
            return ""
        return shaped[1] if shaped else ""


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def _read(label: Path) -> str:
    try:
        said = label.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return said if TENANT.fullmatch(said) else ""
