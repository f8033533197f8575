"""A DNS zone at Cloudflare: each value is a record of its own there, and one batch changes several together or none of them."""

from collections.abc import Sequence

from aipress.clouds.domains import Record
from aipress.clouds.gcp.answers import Changed, Gone, Taken
from aipress.clouds.gcp.cloudflare.asking import Cloudflare, Request
from aipress.clouds.gcp.domains import TTL
from aipress.clouds.gcp.newest import on_newest
from aipress.clouds.gcp.platform import Zone
from aipress.clouds.gcp.resources import Json
from aipress.clouds.gcp.zones import by_set


class CloudflareZone:
    """Records are set unproxied: they lead to a load balancer, or prove something."""

    def __init__(self, cloudflare: Cloudflare, zone: Zone) -> None:
        self.cloudflare, self.zone = cloudflare, zone

    @property
    def domain(self) -> str:
        return self.zone.domain

    async def values(self, name: str, kind: str) -> set[str]:
        return {_value(one) for one in await self._set(name, kind)}

    async def write(self, records: Sequence[Record]) -> None:
        wanted = by_set(records)

        async def change() -> None:
            new, gone = list[Json](), list[Json]()
            for key, values in wanted.items():
                there = await self._set(*key)
                gone += [one for one in there if _value(one) not in values]
                new += [_posted(*key, one) for one in sorted(values - {_value(one) for one in there})]
            await self._change(new, gone)

        await on_newest(change)

    async def clear(self, records: Sequence[Record]) -> None:
        unwanted = by_set(records)

        async def change() -> None:
            found = [(one, values) for key, values in unwanted.items() for one in await self._set(*key)]
            await self._change([], [one for one, values in found if _value(one) in values])

        await on_newest(change)

    async def _set(self, name: str, kind: str) -> list[Json]:
        asked = {"name": name, "type": kind, "per_page": "100"}
        found = await self.cloudflare.all(f"/zones/{self.zone.name}/dns_records", asked)
        return [one for one in found if (one.get("name"), one.get("type")) == (name, kind)]

    async def _change(self, new: Sequence[Json], gone: Sequence[Json]) -> None:
        """All of it at once. Raises Changed where somebody else was quicker."""
        if not new and not gone:
            return
        body: Json = {"deletes": [{"id": one["id"]} for one in gone], "posts": list(new)}
        try:
            await self.cloudflare.ask(
                Request("POST", f"/zones/{self.zone.name}/dns_records/batch", body=body)
            )
        except (Taken, Gone) as error:
            raise Changed(str(error)) from error


def _posted(name: str, kind: str, value: str) -> Json:
    content = f'"{value}"' if kind == "TXT" else value
    return {"name": name, "type": kind, "content": content, "ttl": TTL, "proxied": False}


def _value(record: Json) -> str:
    content = str(record.get("content", ""))
    if record.get("type") == "TXT":
        return content.strip('"')
    return content.removesuffix(".").lower() if record.get("type") == "CNAME" else content
