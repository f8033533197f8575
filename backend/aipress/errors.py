"""Everything that can go wrong, sorted by what the caller can do about it.

* AIPressError          500  the root: `code` for machines, the message for people
  x Invalid             422  mend the input; `fields` says which
  x NotSignedIn         401  sign in (again)
  x NotAllowed          403  we know you, and no
  x NotFound            404  it is not there, or it is not yours
  x Conflict            409  wait, or change the state first
    + Outdated          412  read it again, then change it
  x TooMany             429  slow down
  x CloudError          502  a cloud let us down
    + CloudBusy         503  ask again later: steps retry this
      - CloudAtWork     503  it is being done and takes minutes: steps retry this for longer
    + CloudRefused      502  asking again will not help; a person has to look
    + NoRoom            507  make room (disk, quota of the machine) first
"""

from typing import ClassVar


class AIPressError(Exception):
    """Says what happened, what was done and what to do next, in one or two plain sentences."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong on our side"


class Invalid(AIPressError):
    status, code, title = 422, "invalid", "That request can't be understood"

    def __init__(self, detail: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.fields = fields or {}


class NotSignedIn(AIPressError):
    status, code, title = 401, "not_signed_in", "Please sign in"


class NotAllowed(AIPressError):
    status, code, title = 403, "not_allowed", "That is not allowed"


class NotFound(AIPressError):
    status, code, title = 404, "not_found", "Not found"


class Conflict(AIPressError):
    status, code, title = 409, "conflict", "Not possible right now"


class Outdated(Conflict):
    status, code, title = 412, "outdated", "Somebody changed it since you read it"


class TooMany(AIPressError):
    status, code, title = 429, "too_many_requests", "Too many requests"


class CloudError(AIPressError):
    status, code, title = 502, "cloud", "The cloud did not do it"


class CloudBusy(CloudError):
    """Ask again later."""

    status, code, title = 503, "cloud_busy", "The cloud is busy"


class CloudAtWork(CloudBusy):
    """It is being done, which takes minutes as a rule; ask again."""


class CloudRefused(CloudError):
    """Asking again will not help."""

    status, code, title = 502, "cloud_refused", "The cloud refused"


class NoRoom(CloudError):
    """There is no place for it; somebody has to make room."""

    status, code, title = 507, "no_room", "There is no room for it"
