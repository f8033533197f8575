"""Firebase as whoever signs people in: its ID tokens by our own check, and its accounts as it has them this minute."""

import json
from dataclasses import dataclass
from datetime import datetime

from jwt.utils import base64url_decode

from aipress.auth.accounts import Accounts
from aipress.auth.claims import COMPACT, LONGEST_TOKEN, Claims, Trust, check_claims
from aipress.auth.emulator import EmulatorTokens
from aipress.auth.google_keys import GoogleKeys
from aipress.config import Settings

ISSUER = "https://securetoken.google.com/"
SECONDS_AHEAD = 10  # Google's clock and ours; a token's end is never stretched


@dataclass(frozen=True)
class SignIn:
    """What a good ID token says. `email` is empty, and `is_verified` false, where Firebase does not know better."""

    uid: str
    email: str
    is_verified: bool
    name: str
    role: str | None
    issued_at: datetime
    signed_in_at: datetime


class IdTokens:
    """Verifies one project's ID tokens: RS256 by Google's keys, or the emulator's when `emulator` is handed in."""

    def __init__(self, project: str, keys: GoogleKeys, emulator: EmulatorTokens | None = None) -> None:
        self.project, self.emulator, self._keys = project, emulator, keys

    def are_meant(self, token: str) -> bool:
        """Whether a token says it is Firebase's. Nothing is believed yet: it decides who checks it."""
        return _said(token, 1).get("iss") == ISSUER + self.project

    async def verify(self, token: str) -> SignIn:
        """Who signed in. Raises NotSignedIn unless the token is good by every check, CloudBusy without keys."""
        if self.emulator is not None:
            return _sign_in(self.emulator.verify(token))
        keys = await self._keys.keys_for(_said(token, 0).get("kid"))
        return _sign_in(check_claims(token, Trust(ISSUER + self.project, self.project, keys, SECONDS_AHEAD)))


@dataclass(frozen=True)
class Firebase:
    """One Firebase project."""

    tokens: IdTokens
    accounts: Accounts


def firebase_of(settings: Settings) -> Firebase | None:
    """The project these settings name, or None. Settings have no emulator unless they are a test's."""
    project = settings.firebase_project
    if not project:
        return None
    emulated = settings.firebase_emulator if settings.testing else ""
    emulator = EmulatorTokens(ISSUER + project, project) if emulated else None
    accounts = Accounts(project, settings.firebase_credentials, emulated)
    return Firebase(IdTokens(project, GoogleKeys(), emulator), accounts)


def _sign_in(claims: Claims) -> SignIn:
    said = claims.rest
    email, name, role = said.get("email"), said.get("name"), said.get("role")
    return SignIn(
        uid=claims.subject,
        email=email if isinstance(email, str) else "",
        is_verified=said.get("email_verified") is True,
        name=name if isinstance(name, str) else "",
        role=role if isinstance(role, str) else None,
        issued_at=claims.issued_at,
        signed_in_at=claims.signed_in_at,
    )


def _said(token: str, segment: int) -> dict[str, object]:
    """What a segment of a token says, unverified; nothing, when it is no token. Raises nothing."""
    if len(token) > LONGEST_TOKEN or not COMPACT.fullmatch(token if token[-1:] != "." else f"{token}x"):
        return {}
    try:
        said = json.loads(base64url_decode(token.split(".")[segment]))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
