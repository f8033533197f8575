"""How Google says no, in our words: its two shapes of errors, and what the caller can do about each.

Most APIs answer `{"error": {"code", "message", "status", "details"}}`; Cloud SQL, Storage, DNS and Compute leave `status` out and have a
list `errors` with a reason each. A finished operation's error has the first shape, or Cloud SQL's list `error.errors` with a code.
"""

from collections.abc import Mapping

from aipress.errors import AIPressError, CloudAtWork, CloudBusy, CloudRefused, NoRoom

AGAIN = {408, 429, 500, 502, 503, 504}
QUOTA = {"quotaExceeded", "QUOTA_EXCEEDED", "limitExceeded"}
IN_BETWEEN = {
    "ABORTED",
    "UNAVAILABLE",
    "resourceInUseByAnotherResource",
    "resourceNotReady",
    "INTERNAL_ERROR",
}
"""Words for what passes by itself: somebody else is at work there, or was a moment ago."""


class Gone(CloudRefused):
    """It is not there. Whoever removes is done; whoever changes has lost it."""


class Taken(CloudRefused):
    """It is there already. Whoever makes it looks whether it is their own."""


class Denied(CloudRefused):
    """We may not. Of a thing that was made a moment ago: not yet, since Google tells its parts one after another."""


class Changed(CloudRefused):
    """It was changed since it was read: read it again, and say the change anew."""


class Needed(CloudRefused):
    """Something else has to be otherwise before: what is needed is not taken away."""


def refusal(status: int, body: object, what: str) -> AIPressError:
    """The error to raise for an answer that is none of success. `what` was asked for; Google's message stays out of it, since it may

    quote what was sent.
    """
    words = words_of(body)
    told = f"Google answered {status}{' ' + ', '.join(sorted(words)) if words else ''} to {what}."
    if "operationInProgress" in words and status in (400, 409):
        return CloudAtWork(told)  # a Cloud SQL instance does one thing at a time, for minutes
    if words & IN_BETWEEN and status in (400, 409):
        return CloudBusy(told)
    if status == 412 or "conditionNotMet" in words:
        return Changed(told)
    if status in AGAIN:
        full = words & QUOTA
        return NoRoom(f"{told} A quota is used up; have it raised.") if full else CloudBusy(told)
    if status == 400 and "FAILED_PRECONDITION" in words:
        return Needed(told)
    return {403: Denied, 404: Gone, 409: Taken}.get(status, CloudRefused)(told)


def words_of(body: object) -> set[str]:
    """Google's own words in an error of either shape: `status`, and each reason or code. Only plain ones, never a message."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return set()
    listed = error.get("errors")
    several = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    found = [error.get("status"), *(one.get(name) for one in several for name in ("reason", "code"))]
    return {word for word in found if isinstance(word, str) and word.isascii() and word.isidentifier()}
