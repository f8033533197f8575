"""Whether visitors come to sites: the load balancer's map, its backend with cache and firewall, the wildcard certificate."""

from collections.abc import AsyncIterator

from aipress.clouds.gcp.doctor.complaints import Complaint, found, in_region, last, listed
from aipress.clouds.gcp.doctor.databases import TERRAFORM
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.resources import Json, at
from aipress.clouds.gcp.routing import CDN, SHARED


async def balancer(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """Map, backend, endpoint group."""
    here = f"/compute/v1/projects/{shard.project}"
    url_map = await found(google, "compute", f"{here}/global/urlMaps/{shard.url_map}")
    if url_map is None:
        yield Complaint(shard.project, f"URL map {shard.url_map}", "is not there", TERRAFORM)
    elif not _leads_to_sites(url_map, f"*.{shard.domain}"):
        told = f"does not lead *.{shard.domain} to the backend {SHARED}"
        yield Complaint(shard.project, f"URL map {shard.url_map}", told, TERRAFORM)
    backend = await found(google, "compute", f"{here}/global/backendServices/{SHARED}")
    for said, remedy in _wrong_backend(backend):
        yield Complaint(shard.project, f"backend service {SHARED}", said, remedy)
    group = await found(google, "compute", f"{here}/regions/{shard.region}/networkEndpointGroups/{SHARED}")
    mask = f"<service>.{shard.domain}"
    if group is None or at(group, "cloudRun.urlMask") != mask:
        told = (
            "is not there"
            if group is None
            else f"finds services by {at(group, 'cloudRun.urlMask')}, not by {mask}"
        )
        yield Complaint(in_region(shard), f"endpoint group {SHARED}", told, TERRAFORM)


async def certificates(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """One for all platform hosts, active, and in a map. Nobody signs one for `localhost`, which is a simulator's."""
    if "." not in shard.domain:
        return
    here, wildcard = f"/v1/projects/{shard.project}/locations/global", f"*.{shard.domain}"
    all_of_them = await google.read_all("certificatemanager", f"{here}/certificates", "certificates")
    ours = [one for one in all_of_them if wildcard in _domains(one)]
    what = f"certificate of {wildcard}"
    if not ours:
        yield Complaint(shard.project, what, "is not there: visitors are shown a warning", TERRAFORM)
        return
    if not any(at(one, "managed.state") == "ACTIVE" for one in ours):
        yield Complaint(
            shard.project,
            what,
            f"is {at(ours[0], 'managed.state')}",
            "Set the CNAME of its DNS authorization, and wait a quarter of an hour.",
        )
    names = {last(one.get("name")) for one in ours}
    if not names & await _in_a_map(google, here, wildcard):
        yield Complaint(shard.project, what, "is in no certificate map, so nobody is shown it", TERRAFORM)


def _leads_to_sites(url_map: Json, wildcard: str) -> bool:
    to_sites = {
        one.get("name")
        for one in listed(url_map, "pathMatchers")
        if last(one.get("defaultService")) == SHARED
    }
    return any(
        rule.get("pathMatcher") in to_sites and wildcard in _texts(rule.get("hosts"))
        for rule in listed(url_map, "hostRules")
    )


def _wrong_backend(backend: Json | None) -> list[tuple[str, str]]:
    if backend is None:
        return [("is not there", TERRAFORM)]
    wrong = [
        (backend.get("enableCDN") is not True, "has no cache", "Set enableCDN to true."),
        (
            at(backend, "cdnPolicy.cacheKeyPolicy.includeHost") is not True,
            "keeps pages without their host: one site's page could be shown on another's address",
            "Set cdnPolicy.cacheKeyPolicy.includeHost to true, at once, and purge everything.",
        ),
        (
            at(backend, "cdnPolicy.cacheMode") != CDN["cacheMode"],
            "keeps what sites don't allow to be kept",
            f"Set cdnPolicy.cacheMode to {CDN['cacheMode']}.",
        ),
        (
            not backend.get("securityPolicy"),
            "has no firewall",
            "Attach the security policy that Terraform makes.",
        ),
    ]
    return [(said, remedy) for is_wrong, said, remedy in wrong if is_wrong]


async def _in_a_map(google: Google, here: str, wildcard: str) -> set[str]:
    """The certificates that entries of any map have for this host."""
    shown: set[str] = set()
    for one in await google.read_all("certificatemanager", f"{here}/certificateMaps", "certificateMaps"):
        path = f"{here}/certificateMaps/{last(one.get('name'))}/certificateMapEntries"
        for entry in await google.read_all("certificatemanager", path, "certificateMapEntries"):
            if entry.get("hostname") == wildcard:
                shown |= {last(name) for name in _texts(entry.get("certificates"))}
    return shown


def _domains(certificate: Json) -> list[str]:
    return _texts(at(certificate, "managed.domains")) + _texts(certificate.get("sanDnsnames"))


def _texts(told: object) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else []
