"""A managed certificate between its order and its end: proved by records in the DNS, forbidden by CAA, or given up."""

from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

GOOGLES = "pki.goog"


def issue(call: Call, certificate: Resource) -> None:
    """How far it is now: active once every authorization's record is in the DNS, some time later; failed after long waiting."""
    managed, now = certificate.content["managed"], call.world.clock.now()
    if managed.get("state") in {"ACTIVE", "FAILED"}:
        return
    begun = certificate.hidden.setdefault("begun", now)
    attempts = [_attempt(call, domain, proofs) for domain, proofs in _asked(call, managed).items()]
    failed = [one for one in attempts if one["state"] == "FAILED"]
    managed["authorizationAttemptInfo"] = attempts
    managed.pop("provisioningIssue", None)
    if failed:
        certificate.hidden.pop("proved", None)
        details = "Not authorized: " + ", ".join(str(one["domain"]) for one in failed)
        managed["provisioningIssue"] = {"reason": "AUTHORIZATION_ISSUE", "details": details}
        managed["state"] = "FAILED" if now - begun >= call.world.issuing.patience else "PROVISIONING"
        return
    proved = certificate.hidden.setdefault("proved", now)
    managed["state"] = "ACTIVE" if now - proved >= call.world.issuing.takes else "PROVISIONING"


def _asked(call: Call, managed: Json) -> dict[str, list[Json]]:
    """By domain what has to prove it. A wildcard is proved as the domain below its star is."""
    found: dict[str, list[Json]] = {str(domain): [] for domain in managed.get("domains", [])}
    for name in managed.get("dnsAuthorizations", []):
        authorization = call.store.get(f"certificatemanager/{name}")
        for domain in found if authorization else ():
            if authorization and domain.removeprefix("*.") == authorization.content.get("domain"):
                found[domain].append(authorization.content["dnsResourceRecord"])
    return found


def _attempt(call: Call, domain: str, proofs: list[Json]) -> Json:
    """What came of the latest look at a domain."""
    if call.world.issuing.is_lenient:
        return {"domain": domain, "state": "AUTHORIZED"}
    if _is_forbidden(call, domain):
        return _failed(domain, "CAA")
    for record in proofs:
        resolved = call.world.resolve(record["name"], "CNAME")
        if record["data"] not in resolved:
            told = {"name": record["name"], "expectedData": record["data"], "resolvedData": resolved}
            trouble = {"cname": told, "issues": ["CNAME_MISMATCH"]}
            return _failed(domain, "CONFIG") | {"troubleshooting": trouble}
    return {"domain": domain, "state": "AUTHORIZED"}


def _failed(domain: str, reason: str) -> Json:
    return {"domain": domain, "state": "FAILED", "failureReason": reason}


def _is_forbidden(call: Call, domain: str) -> bool:
    """Whether the nearest CAA records, of the domain or above it, let others issue and not Google (RFC 8659)."""
    labels = domain.removeprefix("*.").split(".")
    for start in range(len(labels)):
        if told := call.world.resolve(".".join(labels[start:]) + ".", "CAA"):
            issuers = [one for one in told if " issue" in one]
            return bool(issuers) and not any(GOOGLES in one for one in issuers)
    return False
