"""A customer's own domain: proved to be theirs, a certificate for it, and its place in the load balancer's certificate map."""

import hashlib
import re
from collections.abc import Iterable, Sequence

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.labels import billed, labels_of
from aipress.clouds.gcp.names import own_name
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
TTL = 300


def checked_domain(domain: str) -> str:
    """The domain as Google writes it: lower case, no dot at its end, other scripts already as xn--… Raises Unbuildable."""
    name = domain.lower().removesuffix(".")
    if len(name) > 253 or not DOMAIN.fullmatch(name):
        raise Unbuildable(
            f"“{domain[:100]}” is no domain: it has labels of a to z, 0 to 9 and -, with dots between them, and no star."
        )
    return name


def own_domain(domain: str, platform_domains: Iterable[str]) -> str:
    """The same of a domain that may lead to a site. Raises Unbuildable for one of the platform's, or below it, too."""
    name = checked_domain(domain)
    if any(lies_in(name, one) for one in platform_domains):
        raise Unbuildable(
            f"{name} is one of the platform's own addresses, which lead to sites by themselves."
        )
    return name


def lies_in(domain: str, other: str) -> bool:
    """Whether a domain is another one, or below it."""
    return f".{domain}".endswith(f".{other}")


def authorization(environment: EnvironmentSpec, domain: str, place: Place) -> Resource:
    """What shows the CNAME by which Google lets the certificate come true. A name of its own for every project."""
    name = checked_domain(domain)
    body: Json = {"domain": name, "type": "PER_PROJECT_RECORD", "labels": labels_of(environment)}
    return _managed("DNS authorization", environment, name, body, place)


def certificate(environment: EnvironmentSpec, domain: str, place: Place) -> Resource:
    """Managed by Google, renewed as long as the CNAME stays."""
    name = checked_domain(domain)
    proved = f"projects/{place.project}/locations/global/dnsAuthorizations/{_id(environment.id, name)}"
    body: Json = {
        "managed": {"domains": [name], "dnsAuthorizations": [proved]},
        "labels": labels_of(environment),
    }
    return _managed("certificate", environment, name, body, place)


def map_entry(environment: EnvironmentSpec, domain: str, place: Place, map_name: str) -> Resource:
    """The host's entry in the map, once its certificate is active."""
    name = checked_domain(domain)
    here = f"projects/{place.project}/locations/global"
    body: Json = {
        "hostname": name,
        "certificates": [f"{here}/certificates/{_id(environment.id, name)}"],
        "labels": labels_of(environment),
    }
    path = f"/v1/{here}/certificateMaps/{map_name}/certificateMapEntries"
    query = {"certificateMapEntryId": _id(environment.id, name)}
    return billed(Resource("certificate map entry", name, "certificatemanager", path, body, query))


def path_of(what: str, environment_id: str, domain: str, place: Place, map_name: str = "") -> str:
    """Where something that was made for a domain is looked for: its proof, certificate or entry in a map."""
    collection = {
        "proof": "dnsAuthorizations",
        "certificate": "certificates",
        "entry": f"certificateMaps/{map_name}/certificateMapEntries",
    }[what]
    id = _id(environment_id, checked_domain(domain))
    return f"/v1/projects/{place.project}/locations/global/{collection}/{id}"


def records(zone: str, project: str, new: Sequence[Json], gone: Sequence[Json] = ()) -> Resource:
    """One change of the platform's own zone: all of it or nothing, and refused where `gone` is not exactly what is there."""
    path = f"/dns/v1/projects/{project}/managedZones/{zone}/changes"
    body: Json = {"additions": list(new), "deletions": list(gone)}
    return Resource("DNS change", zone, "dns", path, body)


def record(name: str, kind: str, *values: str) -> Json:
    """A record set; its name ends with a dot."""
    return {"name": name, "type": kind, "ttl": TTL, "rrdatas": list(values)}


def _managed(kind: str, environment: EnvironmentSpec, domain: str, body: Json, place: Place) -> Resource:
    collection, parameter = {
        "DNS authorization": ("dnsAuthorizations", "dnsAuthorizationId"),
        "certificate": ("certificates", "certificateId"),
    }[kind]
    path = f"/v1/projects/{place.project}/locations/global/{collection}"
    query = {parameter: _id(environment.id, domain)}
    return billed(Resource(kind, domain, "certificatemanager", path, body, query))


def _id(environment_id: str, domain: str) -> str:
    """One for each domain of an environment: domains may be longer than ids."""
    return f"{own_name(environment_id)}-{hashlib.sha256(domain.encode()).hexdigest()[:16]}"
