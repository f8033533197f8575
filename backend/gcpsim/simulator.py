"""One call from its path to its answer: find the method, hold the request against it, do it, write it down."""

import logging
from dataclasses import dataclass, field, replace

from gcpsim import access, crud, keys, naming, rates, storage_xml
from gcpsim.discovery import documents
from gcpsim.discovery.conventions import conventional
from gcpsim.discovery.methods import Match, match
from gcpsim.discovery.requests import read_body, read_query
from gcpsim.errors import Refused, missing, said
from gcpsim.faults import refuse_for
from gcpsim.journal import Entry, veiled
from gcpsim.policies import policy
from gcpsim.semantics import rules_for
from gcpsim.wire import Answer, Json, Request
from gcpsim.world import Call, World

OURS = (
    "run", "secretmanager", "sqladmin", "storage", "dns", "certificatemanager", "iam", "logging", "monitoring", "bigquery", "compute",
    "cloudresourcemanager", "redis", "memorystore", "networkservices", "serviceusage", "artifactregistry", "cloudbilling",
    "iamcredentials",
)  # fmt: skip
"""Asked in this order when neither host nor path says which API is meant."""

DOES = {
    "create": crud.create,
    "get": crud.get,
    "list": crud.listed,
    "change": crud.change,
    "delete": crud.delete,
    "custom": crud.custom,
    "operation": crud.operation,
    "policy": policy,
}


@dataclass
class Simulator:
    """Answers requests about its world."""

    world: World = field(default_factory=World)

    def answer(self, request: Request) -> Answer:
        """What Google would answer; never raises for what a caller did."""
        if (asked := storage_xml.asked_of(request)) is not None:
            return storage_xml.answered(self.world, asked)
        if (shown := keys.certificates(self.world.store, request)) is not None:
            return shown
        api, found = find(request)
        call, answer = self._answered(api, found, request)
        self.world.journal.note(
            Entry(
                request.method,
                request.path,
                found.method.id if found else "",
                veiled(call.body if call else request.body or {}),
                answer.status,
                call.fault if call else "",
                call.key if call else "",
            )
        )
        return answer

    def _answered(self, api: str, found: Match | None, request: Request) -> tuple[Call | None, Answer]:
        call = None
        try:
            if found is None:
                raise Refused(404, f"The requested URL {request.path} was not found on this server.")
            call = Call(
                request,
                found,
                self.world,
                {},
                {},
                f"{found.method.document.api}/{found.key}",
                rules_for(found.method.document),
            )
            call.fault = self.world.faults.befalling(found.method.id)
            refuse_for(call.fault)
            body = perform(call)
        except Refused as refusal:
            return call, said(refusal, api)
        except (
            Exception
        ) as broken:  # a mistake of ours, or of what stands behind, is Google's 500: the next call goes on
            logging.getLogger(__name__).exception("%s %s", request.method, request.path)
            return call, said(
                Refused(500, f"Internal error encountered: {type(broken).__name__}: {broken}"), api
            )
        if call.answer is not None:
            return call, replace(call.answer, lost=call.fault == "lost")
        empty = not call.method.response and not call.rules.empty_answers
        return call, Answer(204 if empty else 200, None if empty else body, lost=call.fault == "lost")


def perform(call: Call) -> Json:
    """Do a call; raises Refused when Google would refuse."""
    call.query = read_query(call.request, call.method)
    call.body = read_body(call.request, call.found)
    access.refuse_switched_off(call)
    rates.count(call)
    for key in naming.made_ancestors(call):
        if call.store.get(key) is None and call.method.id not in call.rules.alone:
            raise missing(key.split("/", 1)[1])
    for check in call.rules.checks.get(call.method.id, []):
        check(call)
    act = call.rules.instead.get(call.method.id) or DOES[naming.kind_of(call)]
    return act(call)


def find(request: Request) -> tuple[str, Match | None]:
    """Which API and method a request means: by its host, by the first part of its path, or the first of ours that has such a path."""
    named = documents.api_of_host(request.host)
    ways = [(named, request.path)] if named else _ways(request.path)
    for api, path in ways:
        goes_on = (
            path.startswith("/upload/") and request.method == "PUT"
        )  # the rest of an upload that was begun
        method = "POST" if goes_on else request.method
        found = _match(api, method, path.removeprefix("/upload").removeprefix("/download"))
        if found is not None:
            return api, _canonical(found)
    if named and named not in documents.names():
        return named, conventional(named, request.method, request.path)
    return ways[0][0], None


def _ways(path: str) -> list[tuple[str, str]]:
    """The APIs a path may mean, each with the path as it has it: `/run/v2/…` is run's `/v2/…`, `/compute/v1/…` compute's own."""
    first, _, rest = path.strip("/").partition("/")
    api = documents.ALIASES.get(first, first)
    told = [(api, f"/{rest}"), (api, path)] if api in documents.names() else []
    return [*told, *((ours, path) for ours in OURS)]


def _match(api: str, http: str, path: str) -> Match | None:
    """The method of the path's version; of another version where Google's clients ship no document of that one."""
    version = documents.version_in(path.strip("/").split("/"))
    if documents.read(api, version) is not None:
        return match(api, version, http, path)
    for other in documents.versions(api):
        if version:
            way = path.replace(f"/{version}/", f"/{other}/", 1)
        else:
            way = f"/{documents.service_path(api, other)}{path.lstrip('/')}"
        if found := match(api, other, http, way):
            return found
    return None


def _canonical(found: Match) -> Match:
    canonical = rules_for(found.method.document).canonical
    return replace(found, segments=canonical(found.segments)) if canonical else found
