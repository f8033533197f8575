"""What else Terraform sees to, done at the simulator: APIs switched on, and a certificate for all platform hosts, in the map.

So `./aipress gcp doctor` has nothing to complain of there either.
"""

from aipress.cli.machine.simulator import PROJECT
from aipress.clouds.gcp import domains
from aipress.clouds.gcp.answers import Taken
from aipress.clouds.gcp.doctor.apis import NEEDED
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, at

NAME, GLOBAL = "sites", f"projects/{PROJECT}/locations/global"
API = "certificatemanager"


async def enable_apis(google: Google) -> None:
    """All that the platform needs, and the bill's."""
    names = [f"{api}.googleapis.com" for api in (*NEEDED, "bigquery")]
    path = f"/v1/projects/{PROJECT}/services:batchEnable"
    await google.make(Resource("APIs", PROJECT, "serviceusage", path, {"serviceIds": list(names)}))


async def certify(google: Google, place: Place) -> None:
    """The map that domains' certificates are in; the authorization, its record in Cloud DNS, the certificate, and its entry.

    For `localhost` nobody signs one.
    """
    await _make(google, "certificateMaps", {}, "certificateMapId")
    if "." not in place.domain:
        return
    wildcard, proofs = f"*.{place.domain}", f"{GLOBAL}/dnsAuthorizations"
    await _make(google, "dnsAuthorizations", {"domain": place.domain}, "dnsAuthorizationId")
    proof = at(await google.read(API, f"/v1/{proofs}/{NAME}"), "dnsResourceRecord")
    if isinstance(proof, dict):
        await _record(
            google, place, domains.record(str(proof["name"]), str(proof["type"]), str(proof["data"]))
        )
    managed: Json = {"domains": [wildcard], "dnsAuthorizations": [f"{proofs}/{NAME}"]}
    await _make(google, "certificates", {"managed": managed}, "certificateId")
    entry: Json = {"hostname": wildcard, "certificates": [f"{GLOBAL}/certificates/{NAME}"]}
    await _make(google, f"certificateMaps/{NAME}/certificateMapEntries", entry, "certificateMapEntryId")


async def _record(google: Google, place: Place, record: Json) -> None:
    zone: Json = {"name": NAME, "dnsName": f"{place.domain}.", "description": "All sites of this shard."}
    path = f"/dns/v1/projects/{PROJECT}/managedZones"
    for one in (Resource("zone", NAME, "dns", path, zone), domains.records(NAME, PROJECT, [record])):
        try:
            await google.make(one)
        except Taken:
            continue


async def _make(google: Google, collection: str, body: Json, named: str) -> None:
    try:
        await google.make(Resource(collection, NAME, API, f"/v1/{GLOBAL}/{collection}", body, {named: NAME}))
    except Taken:
        return
