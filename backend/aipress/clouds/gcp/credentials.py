"""Who the control plane is to Google: the machine's own account, or a key file's (Application Default Credentials)."""

import asyncio
from collections.abc import Mapping
from typing import Any

import google.auth
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import Request

from aipress.errors import CloudBusy, CloudRefused

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


class OwnCredentials:
    """A token, renewed before it runs out. google-auth blocks, so it is asked in a thread, one at a time."""

    def __init__(self) -> None:
        self._found: Any = None
        self._turn = asyncio.Lock()

    async def headers(self) -> Mapping[str, str]:
        async with self._turn:
            try:
                token = await asyncio.to_thread(self._token)
            except google.auth.exceptions.DefaultCredentialsError:
                raise CloudRefused(
                    "There are no credentials for Google Cloud here. Run on Google Cloud, or set GOOGLE_APPLICATION_CREDENTIALS "
                    "to a key file, or say `gcloud auth application-default login`."
                ) from None
            except GoogleAuthError as error:
                raise CloudBusy(f"Google gave no token ({type(error).__name__}).") from error
        return {"Authorization": f"Bearer {token}"}

    def _token(self) -> str:
        if self._found is None:
            self._found, _ = google.auth.default(scopes=SCOPES)
        if not self._found.valid:
            self._found.refresh(Request())
        return str(self._found.token)
