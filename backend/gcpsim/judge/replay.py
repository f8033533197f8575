"""Plays a recording's requests to a simulator of its own and compares what both say.

A recording begins in the middle of a project's life. The rule for what it does not show: a thing the file itself makes is absent
until then; anything else it speaks of was there before, as long as whatever of the file's own it stands under is there.
Every request counts; after one on which both differ, the world is as Google's was. Etags were blanked in the recordings, so a request carries the one its client would have read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from gcpsim.defaults import TAGS
from gcpsim.discovery.documents import api_of_host
from gcpsim.discovery.methods import Match, versioned
from gcpsim.judge.identities import Identities, Place, clue_in
from gcpsim.judge.placeholders import fill, filled_object, unblanked
from gcpsim.judge.plan import Plan, plan_of
from gcpsim.judge.recordings import Exchange, Recording
from gcpsim.judge.transcoding import transcoded
from gcpsim.operations import family_of
from gcpsim.simulator import Simulator, find
from gcpsim.store import Store
from gcpsim.wire import Answer, Json, Request
from gcpsim.world import World

BLANKED = re.compile(r"etag|if\w*Match")
"""Parameters that carry an etag or a generation: recorders blanked them, so they say nothing."""

NAMES = {"sqladmin": "sql"}
"""APIs that reports call otherwise than their documents do."""


@dataclass(frozen=True)
class Verdict:
    """One request: what Google said and what the simulator says."""

    file: str
    request: str
    api: str
    expected: int
    got: int
    reason: str

    @property
    def agrees(self) -> bool:
        """Whether both gave the same status."""
        return self.expected == self.got


def judge(recording: Recording) -> Iterator[Verdict]:
    """One verdict for each request of a recording."""
    requests = [_request(exchange) for exchange in recording.exchanges]
    found = [find(request)[1] for request in requests]
    replay = _Replay(plan_of(list(zip(requests, found, strict=True))))
    for at, (exchange, request, match) in enumerate(zip(recording.exchanges, requests, found, strict=True)):
        answer = replay.play(at, exchange, request, match)
        yield _verdict(recording.file, exchange, request, answer)


def _verdict(file: str, exchange: Exchange, request: Request, answer: Answer) -> Verdict:
    reason = ""
    got = 200 if exchange.method == "GRPC" and answer.status < 300 else answer.status
    if got != exchange.status:
        ours = str((answer.body or {}).get("error", {}).get("message", "accepted"))
        reason = f"Google: {exchange.said or 'accepted'} | simulator: {ours}"
    api = api_of_host(request.host) or urlsplit(request.path).path.split("/")[1]
    return Verdict(
        file,
        f"{exchange.method} {exchange.host}{exchange.path}",
        NAMES.get(api, api),
        exchange.status,
        got,
        reason,
    )


def _request(exchange: Exchange) -> Request:
    if exchange.method == "GRPC":
        return transcoded(fill(exchange.path), filled_object(exchange.body) or {})
    query = {
        fill(name): [fill(value) for value in values]
        for name, values in exchange.query.items()
        if not BLANKED.fullmatch(name)
    }
    return Request(
        exchange.method,
        fill(exchange.path),
        query,
        filled_object(exchange.body),
        fill(exchange.host),
        exchange.raw,
        exchange.content_type,
    )


class _Replay:
    """One file's world, and what its placeholders mean in it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._identities = Identities(plan)
        self._recorded: dict[str, str] = {}
        self._made = ""
        self._store = Store(before=self._was_before)
        self._simulator = Simulator(World(store=self._store))

    def _was_before(self, key: str) -> bool:
        collection, _, name = key.rpartition("/")
        recorded = self._recorded.get(collection, collection)
        if self._plan.makes(recorded, name) or self._plan.numbered(recorded):
            return False
        parts = key.split("/")
        above = ["/".join(parts[:end]) for end in range(3, len(parts), 1)]
        return all(self._store.get(one) is not None for one in above if self._is_made_here(one))

    def _is_made_here(self, key: str) -> bool:
        collection, _, name = key.rpartition("/")
        return self._plan.makes(self._recorded.get(collection, collection), name)

    def play(self, at: int, exchange: Exchange, request: Request, found: Match | None) -> Answer:
        """Give the simulator one request, and let it learn what Google called things."""
        if found is None:
            return self._simulator.answer(request)
        segments = self._segments(at, exchange, found)
        body = self._fresh(unblanked(request.body, found.method), found, segments)
        query = dict(request.query)
        made = self._plan.makers[f"{found.method.document.api}/{found.key}"].get(at, "")
        body, query = _renamed(body, query, made)
        sent = replace(
            request,
            path=_path(request.path, found, segments),
            query=query,
            body=self._identities.referred(body),
        )
        self._made = ""
        answer = self._simulator.answer(sent)
        if answer.status >= 300 > exchange.status or exchange.status >= 300 > answer.status:
            self._follow(exchange, found, "/".join([found.method.document.api, *segments]), made)
        if exchange.status < 300:
            self._learn(exchange, found, segments)
        return answer

    def _segments(self, at: int, exchange: Exchange, found: Match) -> list[str]:
        api, segments = found.method.document.api, list(found.segments)
        told = clue_in(fill(exchange.text), filled_object(exchange.answer) or {})
        for place, kind in enumerate(found.kinds):
            if kind is None and place > 0:
                own = place == len(segments) - 1
                here = Place(
                    "/".join([api, *segments[:place]]), "/".join([api, *found.segments[:place]]), own
                )
                self._recorded[here.collection] = here.recorded
                segments[place] = self._identities.meant(here, segments[place], at, told)
        self._recorded["/".join([api, *segments])] = f"{api}/{found.key}"
        return segments

    def _fresh(self, body: Json | None, found: Match, segments: list[str]) -> Json | None:
        """The body with the etags a client of the simulator would have read."""
        if body is None:
            return None
        key = "/".join([found.method.document.api, *segments])
        resource = self._store.get(key) if found.method.on_item else None
        current = resource.content if resource else {}
        fresh = {name: current.get(name) if name in TAGS else value for name, value in body.items()}
        policy = fresh.get("policy")
        if isinstance(policy, dict):
            fresh["policy"] = {name: value for name, value in policy.items() if name != "etag"}
        return fresh

    def _follow(self, exchange: Exchange, found: Match, key: str, made: str) -> None:
        """After a disagreement the world is as Google's was, so that one mistake counts once."""
        accepted = exchange.status < 300
        if found.method.creates:
            self._made = made or self._store.number()
            key = key if found.method.on_item else f"{key}/{self._made}"
        elif (
            not found.method.on_item or found.method.verb or (found.method.http != "DELETE" and not accepted)
        ):
            return
        if accepted == (found.method.http != "DELETE"):
            self._store.put(key, filled_object(exchange.answer) or {})
        else:
            self._store.remove(key, 0.0)

    def _learn(self, exchange: Exchange, found: Match, segments: list[str]) -> None:
        api, told = found.method.document.api, filled_object(exchange.answer) or {}
        key = "/".join([api, *segments])
        operations = self._simulator.world.operations
        if family_of(found.method) and (newest := operations.newest()):
            operations.also(_operation_key(api, told), newest)
        if found.method.http == "DELETE" and found.method.on_item:
            collection, _, name = key.rpartition("/")
            self._identities.gone(
                collection, name, at_once=not ("done" in told or "status" in told or "metadata" in told)
            )
        elif found.method.creates and not found.method.on_item:
            self._learn_name(key, told)

    def _learn_name(self, collection: str, told: Json) -> None:
        made = self._made or self._simulator.world.journal.entries[-1].key.rsplit("/", 1)[-1]
        if self._plan.numbered(self._recorded.get(collection, collection)):
            is_operation = "/operations/" in f"/{told.get('name', '')}" or "operationType" in told
            self._identities.made(
                collection, "" if is_operation else str(told.get("name", "")).rsplit("/", 1)[-1], made
            )
        elif made:
            self._identities.made(collection, made, made)


def _renamed(
    body: Json | None, query: dict[str, list[str]], made: str
) -> tuple[Json | None, dict[str, list[str]]]:
    """A create whose mask stands for another thing than before, with that thing's own name."""
    mask = made.split("-again-")[0]
    if mask == made:
        return body, query
    renamed = {name: [made if value == mask else value for value in values] for name, values in query.items()}
    named = _replaced(body, mask, made)
    return named if isinstance(named, dict) else None, renamed


def _replaced(value: object, mask: str, made: str) -> object:
    if isinstance(value, dict):
        return {name: _replaced(inner, mask, made) for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(one, mask, made) for one in value]
    return made if value == mask else value


def _path(path: str, found: Match, segments: list[str]) -> str:
    parts = path.strip("/").split("/")
    front = parts[: len(parts) - len(segments)]
    verb = f":{found.method.verb}" if found.method.verb else ""
    return "/" + "/".join([*front, *(quote(segment, safe="") for segment in segments)]) + verb


def _operation_key(api: str, told: Json) -> str:
    link = str(told.get("selfLink", ""))
    if link:
        parts = urlsplit(link).path.strip("/").split("/")
        return "/".join([api, *parts[versioned(parts) :]])
    return f"{api}/{told.get('name', '')}"
