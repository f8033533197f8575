"""Waiting until the platform answers from outside: through nginx, on the port people use."""

import time

import httpx

from aipress.cli.installation import Installation
from aipress.cli.machine.services import services
from aipress.cli.trouble import PLATFORM_FAILED, Trouble

READY_SECONDS = 120


def wait_until_ready(place: Installation, seconds: float = READY_SECONDS) -> None:
    """Returns as soon as the front page, the control plane and the assistant answer. Raises Trouble saying what is missing."""
    deadline = time.monotonic() + seconds
    while missing := what_is_missing(place):
        if time.monotonic() > deadline:
            asleep = [service.name for service in services(place) if not service.is_running]
            which = asleep or ["nginx", "control"]
            raise Trouble(
                f"The platform is not ready after {seconds:.0f} s: {missing}.",
                f"See ./aipress logs {which[0]}.",
                PLATFORM_FAILED,
            )
        time.sleep(0.1)


def what_is_missing(place: Installation) -> str:
    """One line about what does not answer yet; empty when everything does."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{place.settings.port}", timeout=10, trust_env=False
    ) as outside:
        outside.headers["host"] = f"{place.settings.host}{place.settings.port_suffix}"
        try:
            answer = outside.get("/api/health/ready")
            page, chat = outside.get("/"), outside.get("/chat")
        except httpx.HTTPError as error:
            return f"nobody answers on port {place.settings.port} ({type(error).__name__})"
    if answer.status_code != httpx.codes.OK:
        return _in_words(answer)
    if page.status_code != httpx.codes.OK:
        return f"the front page answers {page.status_code}"
    # To a stranger the assistant says that they have to sign in; only its absence is an error of the server.
    return "the assistant does not answer" if chat.is_server_error else ""


def _in_words(answer: httpx.Response) -> str:
    try:
        checks = answer.json().get("checks", {})
    except ValueError:
        checks = {}
    wrong = [f"{name}: {state}" for name, state in checks.items() if state != "ok"]
    return "; ".join(wrong) or f"the control plane answers {answer.status_code}"
