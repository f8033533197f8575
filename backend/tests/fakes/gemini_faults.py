"""Every way in which Gemini fails, as it looks on the wire (https://ai.google.dev/gemini-api/docs/troubleshooting)."""

from dataclasses import dataclass, field
from typing import Any

Chunk = dict[str, Any]
QUOTA = "You exceeded your current quota, please check your plan and billing details."


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `raw` are events behind the chunks, whatever is in them; `ends`: the last chunk says that it is the last."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    chunks: list[Chunk] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    ends: bool = True
    is_cut: bool = False
    hangs: bool = False
    stalls: bool = False


def refusal(status: int, code: str, message: str, *details: dict[str, Any]) -> Answer:
    """An error as Google's APIs report it (google.rpc.Status)."""
    error = {"code": status, "message": message, "status": code, "details": list(details)}
    return Answer(status=status, body={"error": error})


def _retry_in(delay: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


def _over(quota_id: str) -> dict[str, Any]:
    violation = {"quotaMetric": "generativelanguage.googleapis.com/requests", "quotaId": quota_id}
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}


def _because(reason: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}


def _said(*parts: dict[str, Any], **more: Any) -> Chunk:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, "index": 0, **more}]}


def _called(name: str, arguments: dict[str, Any]) -> Answer:
    call = {
        "functionCall": {"name": name, "args": arguments},
        "thoughtSignature": "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=",
    }
    return Answer(chunks=[_said(call)])


HALF = _said({"text": "Let me see: password=hunter2 "})
FAULTS: dict[str, Answer] = {
    "busy": refusal(429, "RESOURCE_EXHAUSTED", QUOTA, _over("RequestsPerMinute"), _retry_in("0.04s")),
    "busy_for_long": refusal(
        429, "RESOURCE_EXHAUSTED", QUOTA, _over("RequestsPerMinute"), _retry_in("3600s")
    ),
    "over_quota": refusal(
        429, "RESOURCE_EXHAUSTED", QUOTA, _over("GenerateRequestsPerDayPerProjectPerModel")
    ),
    "unpaid": refusal(403, "PERMISSION_DENIED", "This API requires billing.", _because("BILLING_DISABLED")),
    "quota_denied": refusal(403, "PERMISSION_DENIED", "Quota exceeded for quota metric 'requests'."),
    "forbidden": refusal(403, "PERMISSION_DENIED", "Permission 'aiplatform.endpoints.predict' denied."),
    "bad_key": refusal(400, "INVALID_ARGUMENT", "API key not valid.", _because("API_KEY_INVALID")),
    "retired": refusal(
        404, "NOT_FOUND", "Publisher Model was not found or your project has no access to it."
    ),
    "too_long": refusal(
        400,
        "INVALID_ARGUMENT",
        "The input token count (2097153) exceeds the maximum number of tokens allowed (1048576).",
    ),
    "broken": refusal(500, "INTERNAL", "An internal error has occurred."),
    "overloaded": refusal(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "page": Answer(status=502, body="<html><h1>502 Bad Gateway</h1>password=hunter2</html>"),
    "hang": Answer(hangs=True),
    "stall": Answer(chunks=[HALF], ends=False, stalls=True),
    "cut": Answer(chunks=[HALF], ends=False, is_cut=True),
    "cut_at_once": Answer(is_cut=True),
    "ended_early": Answer(chunks=[HALF], ends=False),
    "error_inside": Answer(
        chunks=[HALF],
        ends=False,
        raw=['{"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}'],
    ),
    "garbage": Answer(raw=['{"candidates": [{"content": {"parts": [{"te']),
    "garbage_inside": Answer(chunks=[HALF], ends=False, raw=["{]"]),
    "not_ours": Answer(raw=['{"candidates": 7}']),
    "unknown_tool": _called("format_disk", {"path": "/"}),
    "wrong_arguments": _called("create_site", {"title": 7}),
    "no_candidates": Answer(chunks=[{"candidates": []}]),
    "nothing": Answer(chunks=[{"candidates": [{"index": 0, "finishReason": "STOP"}]}]),
    "blocked": Answer(chunks=[{"promptFeedback": {"blockReason": "SAFETY"}}]),
    "unsafe": Answer(chunks=[HALF, {"candidates": [{"index": 0, "finishReason": "SAFETY"}]}]),
    "cut_short": Answer(chunks=[HALF, {"candidates": [{"index": 0, "finishReason": "MAX_TOKENS"}]}]),
    "cut_short_at_once": Answer(chunks=[{"candidates": [{"index": 0, "finishReason": "MAX_TOKENS"}]}]),
    "malformed_call": Answer(
        chunks=[{"candidates": [{"index": 0, "finishReason": "MALFORMED_FUNCTION_CALL"}]}]
    ),
}
INSISTS = ("unknown_tool", "wrong_arguments")  # said again, whatever it is told about it
