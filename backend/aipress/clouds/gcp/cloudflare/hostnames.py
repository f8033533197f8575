"""Cloudflare for SaaS: a custom hostname for each own domain, its certificate, and what Cloudflare says of both in our words."""

from dataclasses import dataclass
from datetime import UTC, datetime

from aipress.clouds.domains import Record
from aipress.clouds.gcp.answers import Gone, Taken
from aipress.clouds.gcp.certificates import Issued
from aipress.clouds.gcp.cloudflare.asking import Cloudflare, Request
from aipress.clouds.gcp.platform import CloudflareFront
from aipress.clouds.gcp.resources import Json, at

OVER = {
    "validation_timed_out": "The records that prove {domain} were not found in time.",
    "issuance_timed_out": "No certificate authority issued the certificate in time.",
    "deployment_timed_out": "The certificate could not be brought to all of Cloudflare in time.",
    "expired": "The certificate ended before it could be renewed.",
    "inactive": "The certificate was switched off.",
}
"""Of `ssl.status`: what does not pass by itself."""
ON_ITS_WAY = {
    "initializing": "Cloudflare has begun with the certificate.",
    "pending_validation": "Cloudflare does not find the records of {domain} in the DNS yet.",
    "pending_issuance": "The certificate is being issued.",
    "pending_deployment": "The certificate is being brought to all of Cloudflare.",
}
NOT_HERE = {
    "moved": "{domain} leads elsewhere now.",
    "blocked": "Cloudflare has blocked {domain}; its support has to be asked.",
}
"""Of `status`, the hostname's own."""


@dataclass(frozen=True)
class Hostnames:
    """Custom hostnames of the zone that is in front of all sites."""

    cloudflare: Cloudflare
    front: CloudflareFront

    async def find(self, domain: str) -> Json | None:
        """The hostname of a domain. Cloudflare finds what is like it, too."""
        found = await self.cloudflare.all(self._path, {"hostname": domain, "per_page": "50"})
        return next((one for one in found if one.get("hostname") == domain), None)

    async def make(self, domain: str) -> Json | None:
        """Ask for it and its certificate; what is there already is left as it is."""
        try:
            return await self.cloudflare.ask(
                Request("POST", self._path, body={"hostname": domain, "ssl": self._ssl})
            )
        except Taken:
            return await self.find(domain)

    async def begin_anew(self, hostname: Json) -> None:
        """Let Cloudflare look again for what it gave up to find."""
        path = f"{self._path}/{hostname['id']}"
        await self.cloudflare.ask(Request("PATCH", path, body={"ssl": self._ssl}))

    async def remove(self, domain: str) -> None:
        """With its certificate."""
        found = await self.find(domain)
        if found is None:
            return
        try:
            await self.cloudflare.ask(Request("DELETE", f"{self._path}/{found['id']}"))
        except Gone:
            return

    @property
    def _path(self) -> str:
        return f"/zones/{self.front.zone}/custom_hostnames"

    @property
    def _ssl(self) -> Json:
        return {"method": self.front.validation, "type": "dv", "settings": {"min_tls_version": "1.2"}}


def proofs(hostname: Json) -> tuple[Record, ...]:
    """The TXT records by which Cloudflare sees whose the domain is, and the certificate's authority too, before visitors come."""
    owner = at(hostname, "ownership_verification")
    told = [(owner.get("name"), owner.get("value"))] if isinstance(owner, dict) else []
    validation = at(hostname, "ssl.validation_records")
    listed = [one for one in validation if isinstance(one, dict)] if isinstance(validation, list) else []
    told += [(one.get("txt_name"), one.get("txt_value")) for one in listed]
    return tuple(Record(str(name).lower(), "TXT", str(value)) for name, value in told if name and value)


def issued(hostname: Json, domain: str) -> Issued:
    """How far it is: visitors come once both the hostname and its certificate are active."""
    ssl, status = str(at(hostname, "ssl.status")), str(hostname.get("status"))
    if ssl in OVER:
        return Issued("failed", None, OVER[ssl].format(domain=domain))
    if status in NOT_HERE:
        return Issued("failed", None, NOT_HERE[status].format(domain=domain))
    if ssl != "active":
        return Issued(
            "waiting", None, ON_ITS_WAY.get(ssl, ON_ITS_WAY["pending_validation"]).format(domain=domain)
        )
    if status != "active":
        return Issued("waiting", None, f"Cloudflare has not seen yet that {domain} leads there.")
    return Issued("active", _ends(hostname))


def _ends(hostname: Json) -> datetime | None:
    certificates = at(hostname, "ssl.certificates")
    listed = [one for one in certificates if isinstance(one, dict)] if isinstance(certificates, list) else []
    ends = sorted(str(one["expires_on"]) for one in listed if one.get("expires_on"))
    told = ends[-1] if ends else at(hostname, "ssl.expires_on")
    return datetime.fromisoformat(str(told)).astimezone(UTC) if told else None
