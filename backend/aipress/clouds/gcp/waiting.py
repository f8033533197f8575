"""Long-running operations of the three families Google has: google.longrunning's, Cloud SQL's and Compute's."""

from aipress.clouds.gcp.answers import refusal
from aipress.clouds.gcp.resources import Json, Resource
from aipress.errors import AIPressError, CloudAtWork, CloudBusy

LONGEST = 50.0  # seconds we wait here; a step is repeated, and finds what has become of it
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
KINDS = ("sql#operation", "compute#operation", "dns#operation")
NEEDED = 9
CODES = {3: 400, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 13: 500, 14: 503, 16: 401}
"""Of google.rpc, as HTTP has them (https://cloud.google.com/apis/design/errors)."""


def is_operation(answer: Json) -> bool:
    """Whether an answer is work that goes on, or has ended, rather than the thing itself."""
    if answer.get("kind") in KINDS:
        return True
    name = str(answer.get("name", ""))
    return "/operations/" in name and ("done" in answer or "metadata" in answer or "response" in answer)


def is_done(operation: Json) -> bool:
    """Whether it has ended, well or not."""
    if operation.get("kind") in KINDS:
        return str(operation.get("status", "")).upper() == "DONE"
    return operation.get("done") is True


def path_of(operation: Json, resource: Resource) -> str:
    """Where to ask how it stands."""
    name, kind = str(operation.get("name", "")), operation.get("kind")
    parts = resource.path.strip("/").split("/")
    if kind == "sql#operation":
        return f"/{parts[0]}/projects/{parts[parts.index('projects') + 1]}/operations/{name}"
    if kind == "compute#operation":
        project = resource.path[: resource.path.index("/projects/")] + "/projects/"
        project += parts[parts.index("projects") + 1]
        place = str(operation.get("region") or operation.get("zone") or "").rsplit("/", 1)[-1]
        level = "regions" if operation.get("region") else "zones"
        return f"{project}/{f'{level}/{place}' if place else 'global'}/operations/{name}"
    return f"/{parts[0]}/{name}"


def unfinished(operation: Json, what: str) -> CloudBusy:
    """That it goes on. Cloud SQL's take minutes; whatever else does may never end."""
    kind = CloudAtWork if operation.get("kind") == "sql#operation" else CloudBusy
    return kind(f"Google is still at work on {what}; ask again.")


def failure(operation: Json, what: str) -> AIPressError | None:
    """What it failed with, in our words; None where it did not."""
    error = operation.get("error")
    if not isinstance(error, dict) or not error:
        return None
    listed = error.get("errors")
    status = operation.get("httpErrorStatusCode")
    if not isinstance(status, int):
        status = CODES.get(error["code"], 400) if isinstance(error.get("code"), int) else 400
    word = {"status": "FAILED_PRECONDITION"} if error.get("code") == NEEDED else {}
    told = {"error": {**word, **error, "errors": listed if isinstance(listed, list) else []}}
    return refusal(status, told, f"the operation that was to make {what}")


def result(operation: Json) -> Json:
    """What it ended with; nothing where its family only says that it ended."""
    response = operation.get("response")
    if not isinstance(response, dict):
        return {}
    return {name: value for name, value in response.items() if name != "@type"}
