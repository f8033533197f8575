"""Cloudflare examined, where the platform's file names it: token, zone, where visitors are sent without a Worker, and Workers KV."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.cloudflare.asking import Cloudflare, Request
from aipress.clouds.gcp.doctor.complaints import Complaint
from aipress.clouds.gcp.platform import CloudflareFront, Platform
from aipress.clouds.gcp.resources import Json
from aipress.errors import AIPressError

WHERE = "Cloudflare"


@dataclass(frozen=True)
class Wanted:
    """One thing that has to be there, and a field of it that has to be this."""

    what: str
    path: str
    field: str
    value: str
    remedy: str


async def examine(cloudflare: Cloudflare, platform: Platform) -> list[Complaint]:
    """All that is wrong; what the token may not look at, too."""
    wanted = [*(_of_front(platform.cloudflare) if platform.cloudflare else ()), *_of_zones(platform)]
    return [one async for one in _complaints(cloudflare, wanted)]


def _of_front(front: CloudflareFront) -> list[Wanted]:
    zone, namespace = f"/zones/{front.zone}", f"/storage/kv/namespaces/{front.namespace}"
    fallback = "Set a fallback origin below SSL/TLS, Custom Hostnames, and wait until it is active."
    return [
        Wanted(
            f"zone {front.zone}", zone, "status", "active", "Lead its domain's name servers to Cloudflare."
        ),
        Wanted("fallback origin", f"{zone}/custom_hostnames/fallback_origin", "status", "active", fallback),
        Wanted(
            f"namespace {front.namespace}",
            f"/accounts/{front.account}{namespace}",
            "id",
            front.namespace,
            "Make it in Workers KV, and bind it to the Worker as HOSTS.",
        ),
    ]


def _of_zones(platform: Platform) -> list[Wanted]:
    remedy = "Correct dns_zones in the platform's file: its name is the zone's id."
    return [
        Wanted(f"DNS zone {one.domain}", f"/zones/{one.name}", "name", one.domain, remedy)
        for one in platform.dns_zones
        if one.by == "cloudflare"
    ]


async def _complaints(cloudflare: Cloudflare, wanted: list[Wanted]) -> AsyncIterator[Complaint]:
    for one in wanted:
        try:
            there: Json = await cloudflare.ask(Request("GET", one.path))
        except Gone:
            yield Complaint(WHERE, one.what, "is not there", one.remedy)
            continue
        except AIPressError as error:
            yield Complaint(
                WHERE,
                one.what,
                f"could not be looked at: {error}",
                "See docs/gcp.md for what its token needs.",
            )
            continue
        if there.get(one.field) != one.value:
            yield Complaint(
                WHERE, one.what, f"has {one.field} {there.get(one.field)}, not {one.value}", one.remedy
            )
