"""Firebase's own Auth emulator, on this machine alone, and what people do there: sign in four ways."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from aipress.cli.machine.frontend import ensure_node_packages
from aipress.cli.machine.node import node_environment
from tests.clouds.local.rig import free_port
from tests.e2e.platform import CHECKOUT, wait_for

TOOLS = CHECKOUT / "frontend/tools"
PROJECT, KEY = "demo-aipress", "no-secret"
SECONDS = 60


@dataclass(frozen=True)
class SignedInThere:
    """Somebody who has just signed in at Firebase."""

    uid: str
    id_token: str
    refresh_token: str


@dataclass(frozen=True)
class Emulator:
    """One project's accounts, at `address` (host:port)."""

    address: str

    @property
    def settings(self) -> dict[str, Any]:
        """What a control plane needs to take it for its Firebase."""
        return {
            "firebase_project": PROJECT,
            "firebase_api_key": KEY,
            "firebase_emulator": self.address,
            "testing": True,
        }

    def by(self, provider: str, email: str, is_verified: bool = True, **more: object) -> SignedInThere:
        """Sign in with a provider, such as google.com, that says this of the person."""
        said = {"sub": f"{provider} {email}", "email": email, "email_verified": is_verified, **more}
        body = {
            "postBody": f"providerId={provider}&id_token={quote(json.dumps(said))}",
            "requestUri": "http://localhost",
            "returnSecureToken": True,
        }
        return self._in("signInWithIdp", body)

    def by_email_link(self, email: str) -> SignedInThere:
        """Ask for a link, read the mail, open it."""
        wish = {"requestType": "EMAIL_SIGNIN", "email": email, "continueUrl": "http://localhost/login"}
        self._say("sendOobCode", wish)
        return self._in(
            "signInWithEmailLink", {"email": email, "oobCode": self.newest_link(email)["oobCode"]}
        )

    def newest_link(self, email: str) -> dict[str, str]:
        """The newest message to this address: `oobCode` and `oobLink`."""
        caught: list[dict[str, str]] = self._look("oobCodes")["oobCodes"]
        return [one for one in caught if one["email"] == email][-1]

    def refreshed(self, there: SignedInThere) -> str:
        """A new ID token for the same sign-in."""
        body = {"grant_type": "refresh_token", "refresh_token": there.refresh_token}
        answer = httpx.post(f"http://{self.address}/securetoken.googleapis.com/v1/token?key={KEY}", data=body)
        answer.raise_for_status()
        return str(answer.json()["id_token"])

    def account(self, uid: str) -> dict[str, Any]:
        """The account as Firebase has it; its `claims` as a dict."""
        found: dict[str, Any] = self._say("lookup", {"localId": [uid]})["users"][0]
        return {**found, "claims": json.loads(found.get("customAttributes") or "{}")}

    def change(self, uid: str, **fields: object) -> None:
        """What somebody does in Firebase's console, such as disableUser=True or validSince=<seconds>."""
        self._say("update", {"localId": uid, **fields})

    def remove(self, uid: str) -> None:
        self._say("delete", {"localId": uid})

    def clear(self) -> None:
        answer = httpx.delete(f"http://{self.address}/emulator/v1/projects/{PROJECT}/accounts")
        answer.raise_for_status()

    def _in(self, verb: str, body: dict[str, Any]) -> SignedInThere:
        answer = httpx.post(f"{self._accounts}:{verb}?key={KEY}", json=body)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        return SignedInThere(said["localId"], said["idToken"], said["refreshToken"])

    def _say(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        """As the project's owner."""
        url = f"http://{self.address}/identitytoolkit.googleapis.com/v1/projects/{PROJECT}/accounts:{verb}"
        answer = httpx.post(url, json=body, headers={"Authorization": "Bearer owner"})
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def _look(self, what: str) -> dict[str, Any]:
        said: dict[str, Any] = httpx.get(
            f"http://{self.address}/emulator/v1/projects/{PROJECT}/{what}"
        ).json()
        return said

    @property
    def _accounts(self) -> str:
        return f"http://{self.address}/identitytoolkit.googleapis.com/v1/accounts"


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Emulator]:
    """The emulator, started once a run."""
    environment = node_environment(CHECKOUT)
    ensure_node_packages(TOOLS, environment)
    with tempfile.TemporaryDirectory(prefix="aipress-firebase-", dir="/var/tmp") as home:
        emulator = Emulator(f"127.0.0.1:{free_port()}")
        server = _start(emulator, Path(home), environment)
        try:
            wait_for(lambda: _answers(emulator, server), SECONDS, "Firebase's emulator")
            yield emulator
        finally:
            # Its own process group, so that what npm put in between goes with it.
            os.killpg(server.pid, signal.SIGINT)
            server.wait(20)


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    """The emulator, with nobody in it."""
    running_emulator.clear()
    return running_emulator


def _start(emulator: Emulator, home: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    port = int(emulator.address.rpartition(":")[2])
    here = {"host": "127.0.0.1"}
    parts: dict[str, Any] = {
        "auth": {**here, "port": port},
        "hub": {**here, "port": free_port()},
        "logging": {**here, "port": free_port()},
        "ui": {"enabled": False},
    }
    (home / "firebase.json").write_text(json.dumps({"emulators": parts}))
    program = TOOLS / "node_modules/firebase-tools/lib/bin/firebase.js"
    with open(home / "log", "wb") as log:
        return subprocess.Popen(
            ["node", program, "emulators:start", "--only", "auth", "--project", PROJECT],
            cwd=home,
            env=environment | {"HOME": str(home), "CI": "1", "XDG_CONFIG_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _answers(emulator: Emulator, server: subprocess.Popen[bytes]) -> bool:
    if server.poll() is not None:
        raise AssertionError(f"Firebase's emulator ended with {server.returncode}")
    return httpx.get(f"http://{emulator.address}/").status_code == 200
