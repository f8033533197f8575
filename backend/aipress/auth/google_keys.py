"""Google's public keys for Firebase's ID tokens: fetched when needed, kept as long as Google says, never longer."""

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import httpx
import jwt

from aipress.errors import CloudBusy
from aipress.kit import clock, logs

log = logs.get()
ADDRESS = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"
SECONDS = 5
LONGEST = timedelta(days=1)
BETWEEN = timedelta(
    seconds=30
)  # a failed fetch, or a kid nobody knows, asks Google again after this and no sooner
MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])", re.IGNORECASE)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

Keys = Mapping[str, jwt.PyJWK]


class GoogleKeys:
    """The keys at `address`, by `kid`. Fails closed: without keys that are still good, nobody is believed."""

    def __init__(
        self,
        address: str = ADDRESS,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._address, self._transport, self._now = address, transport, now
        self._keys: Keys = {}
        self._good_until = self._fetched_at = self._failed_at = NEVER
        self._fetching = asyncio.Lock()

    async def keys_for(self, kid: object) -> Keys:
        """Every key that is good now, asking again when `kid` is none of them. Raises CloudBusy."""
        if self._is_known(kid):
            return self._keys
        async with self._fetching:
            if not self._is_known(kid):
                await self._fetch()
        return self._keys

    def _is_known(self, kid: object) -> bool:
        """Whether asking would teach us nothing: an invented kid must not make us ask Google each time."""
        now = self._now()
        return now < self._good_until and (kid in self._keys or now < self._fetched_at + BETWEEN)

    async def _fetch(self) -> None:
        now = self._now()
        if now < self._failed_at + BETWEEN:
            raise _unknown()
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=SECONDS) as http:
                answer = await http.get(self._address)
            answer.raise_for_status()
            keys = _usable(answer.json())
        except (httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError, jwt.PyJWTError) as error:
            self._failed_at = now
            log.error("Google's keys could not be fetched", error=repr(error))
            raise _unknown() from error
        self._keys, self._fetched_at, self._good_until = keys, now, now + _life(answer.headers)


def _usable(said: Mapping[str, list[dict[str, str]]]) -> Keys:
    """The RSA keys that sign with RS256. Raises ValueError when there is none."""
    found = {
        one["kid"]: jwt.PyJWK(one, "RS256")
        for one in said["keys"]
        if one.get("kty") == "RSA" and one.get("alg", "RS256") == "RS256" and one.get("use", "sig") == "sig"
    }
    if not found:
        raise ValueError("no RS256 key in it")
    return found


def _life(headers: httpx.Headers) -> timedelta:
    """How long the answer may be kept (RFC 9111): its max-age, less the age it came with."""
    control = headers.get("cache-control", "")
    said = MAX_AGE.search(control)
    if said is None or "no-store" in control.lower() or "no-cache" in control.lower():
        return timedelta()
    age = headers.get("age", "0")
    seconds = int(said[1]) - (int(age) if age.isascii() and age.isdigit() else 0)
    return min(max(timedelta(seconds=seconds), timedelta()), LONGEST)


def _unknown() -> CloudBusy:
    return CloudBusy(
        "Google's keys can't be reached just now, so nobody can be told apart by their token. Try again in a minute."
    )
