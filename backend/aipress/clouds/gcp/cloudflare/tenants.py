"""Which host is whose: a value of Workers KV for each own domain, by which the Worker finds the site, and its metadata, by which we do."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.cloudflare.asking import Cloudflare, Request
from aipress.clouds.gcp.labels import labels_of
from aipress.clouds.gcp.platform import CloudflareFront
from aipress.clouds.gcp.resources import Json

PAGE, SITE = "1000", "site"


@dataclass(frozen=True)
class Hosts:
    """The namespace the Worker reads. A name there is in use before Cloudflare is asked for it, and until it is gone there."""

    cloudflare: Cloudflare
    front: CloudflareFront

    async def enter(self, environment: EnvironmentSpec, domain: str, site: str) -> None:
        """Let a domain's visitors come to this host of the platform's."""
        told = {"value": site, "metadata": json.dumps({**labels_of(environment), SITE: site})}
        await self.cloudflare.ask(Request("PUT", f"{self._path}/values/{quote(domain)}", form=told))

    async def holder(self, domain: str) -> str:
        """The environment that has the domain; '' where none has."""
        return (await self.entry(domain))[0]

    async def entry(self, domain: str) -> tuple[str, str]:
        """The same with the host that its visitors are passed on to."""
        try:
            told = await self.cloudflare.ask(Request("GET", f"{self._path}/metadata/{quote(domain)}"))
        except Gone:
            return "", ""
        return _environment(told), str(told.get(SITE, ""))

    async def leave(self, domain: str) -> None:
        """Nobody has it any more."""
        try:
            await self.cloudflare.ask(Request("DELETE", f"{self._path}/values/{quote(domain)}"))
        except Gone:
            return

    async def all(self) -> list[tuple[str, str]]:
        """Every environment with each of its domains."""
        found = await self.cloudflare.all(f"{self._path}/keys", {"limit": PAGE})
        told = [(one.get("metadata"), str(one.get("name", ""))) for one in found]
        return [(_environment(labels), name) for labels, name in told if isinstance(labels, dict)]

    @property
    def _path(self) -> str:
        return f"/accounts/{self.front.account}/storage/kv/namespaces/{self.front.namespace}"


def _environment(labels: Json) -> str:
    return str(labels.get("aipress-environment-id", ""))
