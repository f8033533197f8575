"""How Google says no: one exception, and the two shapes its body has."""

from gcpsim.wire import Answer, Json

CODES = {
    400: ("INVALID_ARGUMENT", "invalid"),
    401: ("UNAUTHENTICATED", "required"),
    403: ("PERMISSION_DENIED", "forbidden"),
    404: ("NOT_FOUND", "notFound"),
    405: ("UNIMPLEMENTED", "methodNotAllowed"),
    409: ("ALREADY_EXISTS", "alreadyExists"),
    412: ("FAILED_PRECONDITION", "conditionNotMet"),
    429: ("RESOURCE_EXHAUSTED", "rateLimitExceeded"),
    500: ("INTERNAL", "internalError"),
    501: ("UNIMPLEMENTED", "notImplemented"),
    503: ("UNAVAILABLE", "backendError"),
}

OLDER = {"sqladmin", "storage", "dns", "bigquery", "compute"}
"""APIs whose errors have a list `errors` with a reason, and no `status`."""


class Refused(Exception):
    """A refusal with its HTTP code; `status` and `reason` where they differ from what the code usually says."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        status: str = "",
        reason: str = "",
        fields: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.fields = code, message, fields or {}
        self.status = status or CODES[code][0]
        self.reason = reason or CODES[code][1]


def invalid(field: str, what: str) -> Refused:
    """A request whose content is wrong, with the field that is to blame."""
    return Refused(400, f"Invalid value at '{field}': {what}" if field else what, fields={field: what})


def missing(name: str) -> Refused:
    """Asked for what is not there."""
    return Refused(404, f"Resource '{name}' was not found")


def taken(name: str) -> Refused:
    """Made twice."""
    return Refused(409, f"Resource '{name}' already exists")


def stale(name: str) -> Refused:
    """Changed on the basis of an older version (etag)."""
    return Refused(
        409,
        f"'{name}' was changed since it was read: its etag is another now",
        status="ABORTED",
        reason="conflict",
    )


def in_use(name: str, by: str) -> Refused:
    """Removed while something still needs it."""
    return Refused(
        400,
        f"The resource '{name}' is already being used by '{by}'",
        status="FAILED_PRECONDITION",
        reason="resourceInUseByAnotherResource",
    )


def said(refusal: Refused, api: str) -> Answer:
    """The refusal as the API writes it."""
    return Answer(refusal.code, {"error": _older(refusal) if api in OLDER else _status(refusal)})


def _older(refusal: Refused) -> Json:
    one = {"domain": "global", "reason": refusal.reason, "message": refusal.message}
    return {"code": refusal.code, "message": refusal.message, "errors": [one]}


def _status(refusal: Refused) -> Json:
    body: Json = {"code": refusal.code, "message": refusal.message, "status": refusal.status}
    if refusal.fields:
        violations = [{"field": field, "description": what} for field, what in refusal.fields.items()]
        body["details"] = [
            {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}
        ]
    return body
