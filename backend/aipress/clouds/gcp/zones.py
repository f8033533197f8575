"""DNS zones that the platform answers for itself: where a site's own domain lies in one, nobody has to set its records by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aipress.clouds.domains import Record
from aipress.clouds.gcp import domains
from aipress.clouds.gcp.answers import Changed, Gone, Taken
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.newest import on_newest
from aipress.clouds.gcp.platform import Zone
from aipress.clouds.gcp.resources import Json


class DnsZone(Protocol):
    """One zone. Records of one name and kind are one set, which is as a whole or not at all."""

    @property
    def domain(self) -> str:
        """What its names end with."""

    async def values(self, name: str, kind: str) -> set[str]:
        """What is set there; a host name's value has no dot at its end."""

    async def write(self, records: Sequence[Record]) -> None:
        """Each name and kind has exactly these values, whatever it had. What two write at once to one of them may become both's."""

    async def clear(self, records: Sequence[Record]) -> None:
        """None of these values is set any more; what somebody set in their place stays."""


@dataclass(frozen=True)
class Zones:
    """Those of the platform."""

    all: tuple[DnsZone, ...] = ()

    async def write(self, domain: str, records: Sequence[Record]) -> None:
        """Where a domain lies in any, set its records there."""
        for zone in self._of(domain):
            await zone.write(records)

    async def clear(self, domain: str, records: Sequence[Record]) -> None:
        """The other way round."""
        for zone in self._of(domain):
            await zone.clear(records)

    def _of(self, domain: str) -> list[DnsZone]:
        return [zone for zone in self.all if domains.lies_in(domain, zone.domain)]


class CloudDnsZone:
    """A zone of Cloud DNS: a change is made of what was read, and begun anew where that is something else by now."""

    def __init__(self, google: Google, zone: Zone) -> None:
        self.google, self.zone = google, zone

    @property
    def domain(self) -> str:
        return self.zone.domain

    async def values(self, name: str, kind: str) -> set[str]:
        found = await self._set(name, kind)
        return _plain(found) if found else set()

    async def write(self, records: Sequence[Record]) -> None:
        wanted = by_set(records)

        async def change() -> None:
            there = {key: found for key in wanted if (found := await self._set(*key))}
            new = {
                key: values
                for key, values in wanted.items()
                if key not in there or _plain(there[key]) != values
            }
            await self._change(
                [_as_google(*key, values) for key, values in new.items()],
                [there[key] for key in new if key in there],
            )

        await on_newest(change)

    async def clear(self, records: Sequence[Record]) -> None:
        unwanted = by_set(records)

        async def change() -> None:
            new, gone = list[Json](), list[Json]()
            for key, values in unwanted.items():
                found = await self._set(*key)
                if found and _plain(found) & values:
                    left = _plain(found) - values
                    gone.append(found)
                    new += [_as_google(*key, left)] if left else []
            await self._change(new, gone)

        await on_newest(change)

    async def _set(self, name: str, kind: str) -> Json | None:
        path = f"/dns/v1/projects/{self.zone.project}/managedZones/{self.zone.name}/rrsets"
        found = await self.google.read_all("dns", path, "rrsets", {"name": f"{name}.", "type": kind})
        return next(iter(found), None)

    async def _change(self, new: Sequence[Json], gone: Sequence[Json]) -> None:
        """All of it at once. Raises Changed where somebody else was quicker: another value, one more, one less."""
        if not new and not gone:
            return
        try:
            await self.google.ask(domains.records(self.zone.name, self.zone.project, new, gone))
        except (Taken, Gone) as error:
            raise Changed(str(error)) from error


def by_set(records: Sequence[Record]) -> dict[tuple[str, str], set[str]]:
    """Values by name and kind."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in records:
        found.setdefault((one.name, one.kind), set()).add(one.value)
    return found


def _as_google(name: str, kind: str, values: set[str]) -> Json:
    written = [
        f"{one}." if kind == "CNAME" else f'"{one}"' if kind == "TXT" else one for one in sorted(values)
    ]
    return domains.record(f"{name}.", kind, *written)


def _plain(found: Json) -> set[str]:
    told = found.get("rrdatas")
    values = [str(one) for one in told] if isinstance(told, list) else []
    if found.get("type") == "TXT":
        return {one.strip('"') for one in values}
    return {one.removesuffix(".").lower() if found.get("type") == "CNAME" else one for one in values}
