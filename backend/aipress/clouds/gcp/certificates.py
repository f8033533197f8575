"""Certificates of own domains at Certificate Manager: made, looked at, taken down, and what it says of them in our words."""

from dataclasses import dataclass
from datetime import UTC, datetime

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import Certificate, Record
from aipress.clouds.gcp import domains
from aipress.clouds.gcp.answers import Gone, Needed, Taken
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import ENVIRONMENT, environment_of
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, at
from aipress.errors import CloudBusy, CloudRefused

API = "certificatemanager"
PAGE = "500"
REASONS = {
    "CONFIG": "Google does not find the records of {domain} in the DNS yet.",
    "CNAME_MISMATCH": "The CNAME that proves {domain} has another value than the one shown.",
    "CAA": "A CAA record of {domain} forbids Google to issue a certificate: allow pki.goog in it.",
    "RATE_LIMITED": "So many certificates were asked for below {domain} that Google waits with this one, and goes on by itself.",
    "AUTHORIZATION_ISSUE": "Google could not see yet that {domain} is meant to lead here.",
}
"""What Google's reasons mean. Its details stay out: they may change, and quote what strangers wrote into their records."""


@dataclass(frozen=True)
class Issued:
    """How far a certificate is, until when it is good, and why it is not further."""

    state: Certificate
    ends: datetime | None = None
    why: str = ""


class Certificates:
    """For each domain of an environment an authorization, a certificate that waits for its record, and an entry in a map."""

    def __init__(self, google: Google) -> None:
        self.google = google

    async def prove(self, environment: EnvironmentSpec, domain: str, place: Place) -> Record:
        """The record by which Google sees whose the domain is."""
        await self._made(domains.authorization(environment, domain, place))
        return _record(await self.google.read(API, domains.path_of("proof", environment.id, domain, place)))

    async def proof(self, environment_id: str, domain: str, place: Place) -> Record | None:
        """The same, where it was asked for before."""
        found = await self._found(domains.path_of("proof", environment_id, domain, place))
        return _record(found) if found else None

    async def order(self, environment: EnvironmentSpec, domain: str, place: Place) -> Issued:
        """Ask for the certificate; where Google gave up, that is said once, and it is asked for again."""
        new = domains.certificate(environment, domain, place)
        path = domains.path_of("certificate", environment.id, domain, place)
        there = await self.look(environment.id, domain, place)
        if there is None:
            await self._made(new)
            return issued(await self.google.read(API, path), domain)
        if there.state != "failed":
            return there
        try:
            await self._removed(path)
        except CloudBusy:  # visitors are shown it, and it is good until it ends
            return there
        await self._made(new)
        return Issued("failed", None, f"{there.why} It is being tried again.")

    async def look(self, environment_id: str, domain: str, place: Place) -> Issued | None:
        """How far it is; None where nobody asked for it."""
        found = await self._found(domains.path_of("certificate", environment_id, domain, place))
        return issued(found, domain) if found else None

    async def show(self, environment: EnvironmentSpec, domain: str, place: Place, map_name: str) -> None:
        """Let visitors see it. Raises CloudRefused where the map shows them another environment's."""
        own = domains.path_of("entry", environment.id, domain, place, map_name)
        if await self._found(own) is not None:
            return
        is_new = await self._made(domains.map_entry(environment, domain, place, map_name))
        if not is_new and await self._found(own) is None:
            raise CloudRefused(
                f"Visitors of {domain} are shown another site's certificate. Take it away there first."
            )

    async def take_down(self, environment_id: str, domain: str, place: Place, map_name: str) -> None:
        """The other way round, since each is kept while the one before needs it."""
        await self._removed(domains.path_of("entry", environment_id, domain, place, map_name))
        for what in ("certificate", "proof"):
            await self._removed(domains.path_of(what, environment_id, domain, place))

    async def begun_for(self, environment_id: str, project: str) -> set[str]:
        """Its domains: the authorization is the first that comes, and the last that goes."""
        found = await self._labelled(project, "dnsAuthorizations", environment_id)
        return {str(one.get("domain", "")) for one in found}

    async def holders(self, project: str) -> list[tuple[str, str]]:
        """Whoever has begun something there, each with the domain."""
        found = await self._labelled(project, "dnsAuthorizations", "*")
        return [(environment_of(one), str(one.get("domain", ""))) for one in found]

    async def existing(self, project: str) -> set[str]:
        """Environments that have an authorization or a certificate there; entries can't be without a certificate."""
        kinds = ("dnsAuthorizations", "certificates")
        return {environment_of(one) for kind in kinds for one in await self._labelled(project, kind, "*")}

    async def _labelled(self, project: str, collection: str, environment_id: str) -> list[Json]:
        asked = {"filter": f"labels.{ENVIRONMENT}:{environment_id}", "pageSize": PAGE}
        path = f"/v1/projects/{project}/locations/global/{collection}"
        found = await self.google.read_all(API, path, collection, asked)
        ours = [one for one in found if environment_of(one)]
        return [one for one in ours if environment_id in ("*", environment_of(one))]

    async def _made(self, resource: Resource) -> bool:
        """True where it is new."""
        try:
            await self.google.make(resource)
        except Taken:
            return False
        return True

    async def _removed(self, path: str) -> None:
        """Raises CloudBusy while something still needs it; what is on its way out needs it a moment longer."""
        try:
            await self.google.delete(API, path)
        except Needed as error:
            raise CloudBusy(f"{error} Something still needs it; ask again.") from error

    async def _found(self, path: str) -> Json | None:
        try:
            return await self.google.read(API, path)
        except Gone:
            return None


def issued(certificate: Json, domain: str) -> Issued:
    """What a certificate's own state says."""
    state = at(certificate, "managed.state")
    if state == "ACTIVE":
        return Issued("active", _moment(certificate.get("expireTime")))
    said = " ".join(dict.fromkeys(REASONS[one].format(domain=domain) for one in _reasons(certificate)))
    if state == "FAILED":
        return Issued("failed", None, f"Google gave up issuing the certificate. {said}".strip())
    return Issued("waiting", None, said or "Google is issuing the certificate, which takes some minutes.")


def _reasons(certificate: Json) -> list[str]:
    """Why it is not issued: what befell its domains, or, where none of them is blamed, what holds up all of it."""
    attempts = at(certificate, "managed.authorizationAttemptInfo")
    told = [one for one in attempts if isinstance(one, dict)] if isinstance(attempts, list) else []
    failed = [_reason(one) for one in told if one.get("state") == "FAILED"]
    whole = str(at(certificate, "managed.provisioningIssue.reason"))
    return [one for one in failed if one in REASONS] or [one for one in (whole,) if one in REASONS]


def _reason(attempt: Json) -> str:
    resolved = at(attempt, "troubleshooting.cname.resolvedData")
    return "CNAME_MISMATCH" if resolved else str(attempt.get("failureReason"))


def _record(authorization: Json) -> Record:
    told = authorization.get("dnsResourceRecord")
    if not isinstance(told, dict):
        raise CloudBusy("Google has not said yet which record proves the domain; ask again.")
    name, value = (str(told[one]).removesuffix(".").lower() for one in ("name", "data"))
    return Record(name, str(told["type"]), value)


def _moment(told: object) -> datetime | None:
    return datetime.fromisoformat(str(told)).astimezone(UTC) if told else None
