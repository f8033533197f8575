"""Who we are to Cloudflare: the token of the settings, or the one that Secret Manager keeps."""

import time

from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.secrets import opened
from aipress.errors import CloudRefused

SECRET = "aipress-cloudflare-token"  # noqa: S105 - its name
REMEMBERED = 300.0  # seconds; then a new version is found


class Token:
    """Asked for as it is needed."""

    def __init__(self, google: Google, project: str, told: str = "") -> None:
        self.google, self.project, self.told = google, project, told
        self._kept = ("", 0.0)

    async def __call__(self) -> str:
        """Raises CloudRefused where there is none."""
        if self.told:
            return self.told
        value, until = self._kept
        if time.monotonic() > until:
            value = await self._read()
            self._kept = value, time.monotonic() + REMEMBERED
        return value

    async def _read(self) -> str:
        path = f"/v1/projects/{self.project}/secrets/{SECRET}/versions/latest:access"
        try:
            return opened(await self.google.read("secretmanager", path), SECRET).strip()
        except Gone:
            raise CloudRefused(
                f"The platform's file names Cloudflare, but there is no token for it. Keep one as the secret {SECRET} in "
                f"{self.project}, or set AIPRESS_CLOUDFLARE_TOKEN."
            ) from None
