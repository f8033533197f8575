"""Certificate Manager: authorizations show their DNS record, certificates wait for it, and nothing goes in use."""

from zlib import crc32

from gcpsim.crud import present
from gcpsim.errors import Refused, in_use, invalid
from gcpsim.rules import Rules
from gcpsim.semantics.issuing import issue
from gcpsim.store import Resource
from gcpsim.world import Call

RULES = Rules()
HERE = "certificatemanager.projects.locations."
PER_PROJECT = "PER_PROJECT_RECORD"
MOST_CERTIFICATES = 4
"""Certificates in one entry of a map."""


@RULES.made(HERE + "dnsAuthorizations.create")
def show_record(call: Call, authorization: Resource) -> None:
    """The record the domain's owner has to set."""
    domain = str(authorization.content.get("domain", ""))
    token = f"{crc32(authorization.key.encode()):08x}"
    authorization.content.setdefault("type", "FIXED_RECORD")
    project = f"_{crc32(call.segment('projects').encode()):08x}"
    authorization.content["dnsResourceRecord"] = {
        "name": f"_acme-challenge{project if authorization.content['type'] == PER_PROJECT else ''}.{domain}.",
        "type": "CNAME",
        "data": f"{token}.{token[::-1]}.authorize.certificatemanager.goog.",
    }


@RULES.check(HERE + "dnsAuthorizations.create")
def check_domain(call: Call) -> None:
    """One domain, without a star: its wildcard is covered as well."""
    domain = str(call.body.get("domain", ""))
    if "*" in domain or "." not in domain:
        raise invalid("dns_authorization.domain", f"'{domain}' is no domain.")


@RULES.check(HERE + "certificates.create")
def check_certificate(call: Call) -> None:
    """Managed or brought along; what it refers to exists; a star stands only in front and wants a DNS authorization."""
    managed = call.body.get("managed", {})
    if "managed" not in call.body and "selfManaged" not in call.body and "managedIdentity" not in call.body:
        raise invalid("certificate", "A certificate is managed or self-managed.")
    for name in managed.get("dnsAuthorizations", []):
        _needed(call, str(name), "certificate.managed.dns_authorizations")
    for domain in managed.get("domains", []):
        if "*" in str(domain).removeprefix("*."):
            raise invalid(
                "certificate.managed.domains", f"'{domain}': a star covers one label and stands in front."
            )
        if (
            str(domain).startswith("*.")
            and not managed.get("dnsAuthorizations")
            and not managed.get("issuanceConfig")
        ):
            raise invalid("certificate.managed.domains", f"'{domain}' wants a DNS authorization.")


@RULES.made(HERE + "certificates.create")
def begin(call: Call, certificate: Resource) -> None:
    """A managed certificate is issued once its domains are proved, which a look at it finds out."""
    managed = certificate.content.get("managed")
    certificate.content.setdefault("scope", "DEFAULT")
    certificate.content["expireTime"] = call.world.clock.stamp(90 * 24 * 3600)
    if managed is not None:
        certificate.content["sanDnsnames"] = list(managed.get("domains", []))
        issue(call, certificate)


@RULES.check(HERE + "certificates.get", HERE + "certificates.list")
def look(call: Call) -> None:
    """Whether those that wait are proved by now."""
    collection = _beside(call, "certificates") if call.method.last == "get" else call.key
    for certificate in call.store.under(collection):
        if "managed" in certificate.content:
            issue(call, certificate)


@RULES.check(
    HERE + "certificateMaps.certificateMapEntries.create",
    HERE + "certificateMaps.certificateMapEntries.patch",
)
def check_entry(call: Call) -> None:
    """A host name or the matcher, and at most four certificates that exist."""
    if call.method.last == "create" and not call.body.get("hostname") and not call.body.get("matcher"):
        raise invalid("certificate_map_entry", "An entry has a host name or a matcher.")
    host = call.body.get("hostname")
    for other in call.store.under(call.key) if call.method.last == "create" and host else ():
        if other.content.get("hostname") == host:
            raise Refused(409, f"The map has an entry for {host} already: '{other.id}'")
    certificates = call.body.get("certificates", [])
    if len(certificates) > MOST_CERTIFICATES:
        raise invalid(
            "certificate_map_entry.certificates", f"An entry has at most {MOST_CERTIFICATES} certificates."
        )
    for name in certificates:
        _needed(call, str(name), "certificate_map_entry.certificates")


@RULES.check(HERE + "dnsAuthorizations.delete")
def check_authorization_unused(call: Call) -> None:
    """Not while a certificate is renewed by it."""
    present(call)
    for one in call.store.under(_beside(call, "certificates")):
        if call.name in one.content.get("managed", {}).get("dnsAuthorizations", []):
            raise in_use(call.name, one.key.split("/", 1)[1])


@RULES.check(HERE + "certificates.delete")
def check_certificate_unused(call: Call) -> None:
    """Not while a map shows it."""
    present(call)
    for one in call.store.below(_beside(call, "certificateMaps")):
        if call.name in one.content.get("certificates", []):
            raise in_use(call.name, one.key.split("/", 1)[1])


@RULES.check(HERE + "certificateMaps.delete")
def check_map_unused(call: Call) -> None:
    """Not while it has entries, nor while a proxy shows it."""
    present(call)
    if entries := call.store.under(f"{call.key}/certificateMapEntries"):
        raise Refused(400, f"The map still has {len(entries)} entries.", status="FAILED_PRECONDITION")
    for proxy in call.store.under(f"compute/projects/{call.segment('projects')}/global/targetHttpsProxies"):
        if str(proxy.content.get("certificateMap", "")).endswith(call.name):
            raise in_use(call.name, proxy.key.split("/", 1)[1])


def _needed(call: Call, name: str, field: str) -> None:
    name = name.removeprefix("//certificatemanager.googleapis.com/")
    parts = name.split("/")
    if len(parts) == 6 and parts[1].isdigit():
        return  # by the project's number, which the simulator does not tell from its id
    if call.store.get(f"certificatemanager/{name}") is None:
        raise invalid(field, f"'{name}' does not exist.")


def _beside(call: Call, collection: str) -> str:
    return "/".join([*call.key.split("/")[:-2], collection])
