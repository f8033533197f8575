"""Whether sites' own domains can come to be: the certificate map, addresses to lead to, room in the URL map, the platform's DNS zones."""

import json
from collections.abc import AsyncIterator

from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.certificates import issued
from aipress.clouds.gcp.doctor.complaints import Complaint, found, last
from aipress.clouds.gcp.doctor.databases import TERRAFORM
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import environment_of
from aipress.clouds.gcp.platform import Platform, Standing, Zone
from aipress.clouds.gcp.resources import Json, at
from aipress.clouds.gcp.routing import LARGEST_MAP_BYTES
from aipress.errors import CloudRefused

NEARLY = 0.8  # of the bytes a URL map may have


async def standing(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """What stands for all domains of a shard, and certificates that Google gave up."""
    here = f"/v1/projects/{shard.project}/locations/global"
    shown = f"certificate map {shard.certificate_map}"
    if await found(google, "certificatemanager", f"{here}/certificateMaps/{shard.certificate_map}") is None:
        yield Complaint(shard.project, shown, "is not there, so no own domain gets a certificate", TERRAFORM)
    for one in await google.read_all("certificatemanager", f"{here}/certificates", "certificates"):
        if environment_of(one) and at(one, "managed.state") == "FAILED":
            yield _given_up(shard, one)


async def room(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """How full the URL map is."""
    path = f"/compute/v1/projects/{shard.project}/global/urlMaps/{shard.url_map}"
    size = len(json.dumps(await found(google, "compute", path) or {}))
    if size > NEARLY * LARGEST_MAP_BYTES:
        told = f"has {size} of {LARGEST_MAP_BYTES} bytes; each own domain takes some hundred"
        remedy = "Place new sites in another project, or let Cloudflare answer for own domains."
        yield Complaint(shard.project, f"URL map {shard.url_map}", told, remedy)


async def named(google: Google, platform: Platform) -> AsyncIterator[Complaint]:
    """What the platform's file has to name: addresses, unless Cloudflare is led to, and zones at Cloud DNS that are there."""
    for shard in platform.shards if platform.cloudflare is None else ():
        if not shard.addresses:
            told = "are not in the platform's file, so a domain with nothing before it can't be led here"
            yield Complaint(
                shard.project, "addresses of the load balancer", told, "Add them as addresses = […]."
            )
    for zone in platform.dns_zones:
        if zone.by == "google" and (said := await _wrong(google, zone)):
            remedy = "Make it, or correct the platform's file; the account needs roles/dns.admin on it."
            yield Complaint(zone.project, f"DNS zone {zone.name}", said, remedy)


async def _wrong(google: Google, zone: Zone) -> str:
    try:
        there = await google.read("dns", f"/dns/v1/projects/{zone.project}/managedZones/{zone.name}")
    except Gone:
        return "is not there"
    except CloudRefused as error:
        return f"could not be looked at: {error}"
    name = str(there.get("dnsName", "")).removesuffix(".")
    return "" if name == zone.domain else f"is for {name}, not for {zone.domain}"


def _given_up(shard: Standing, certificate: Json) -> Complaint:
    domains = at(certificate, "managed.domains")
    name = str(domains[0]) if isinstance(domains, list) and domains else last(certificate.get("name"))
    remedy = "Have its owner set the records as they are shown; checking the domain again asks for a new one."
    return Complaint(shard.project, f"certificate of {name}", issued(certificate, name).why, remedy)
