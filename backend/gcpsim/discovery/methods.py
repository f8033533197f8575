"""The methods of a document, and which of them a path means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import unquote

from gcpsim.discovery.documents import VERSION, Document, read
from gcpsim.wire import Json


@dataclass(frozen=True)
class Method:
    """One method. `template` has one part per segment of the path: a literal, or None where a name stands, and a verb after a colon."""

    document: Document
    content: Json
    template: tuple[str | None, ...]
    verb: str

    @property
    def id(self) -> str:
        """Like `run.projects.locations.services.create`."""
        return str(self.content["id"])

    @cached_property
    def last(self) -> str:
        """The method's own word: create, list, setIamPolicy."""
        return self.id.rsplit(".", 1)[-1]

    @property
    def http(self) -> str:
        """GET, POST, PUT, PATCH or DELETE."""
        return str(self.content["httpMethod"])

    @property
    def parameters(self) -> Json:
        """What may stand in its path and query."""
        return self.content.get("parameters", {})  # type: ignore[no-any-return]

    @cached_property
    def request(self) -> str:
        """The name of its body's schema, or ''."""
        return str(self.content.get("request", {}).get("$ref", ""))

    @cached_property
    def response(self) -> str:
        """The name of its answer's schema, or ''."""
        return str(self.content.get("response", {}).get("$ref", ""))

    @cached_property
    def shape(self) -> tuple[str | None, ...]:
        """The template after the version."""
        return self.template[versioned(self.template) :]

    @cached_property
    def creates(self) -> bool:
        """Whether it makes something: create, insert, add, or the like of createPolicy."""
        plain = self.last in {"create", "insert", "add"} and self.http in {"POST", "PUT"}
        spelled = self.last.startswith("create") and self.http == "POST" and self.template[-1] is None
        if self.verb:  # buckets:createAsync, clusters:createsecondary
            return (
                self.verb.lower().startswith("create")
                and self.http == "POST"
                and self.template[-1] is not None
            )
        return plain or spelled

    @property
    def on_item(self) -> bool:
        """Whether its path means one thing rather than a collection."""
        return self.template[-1] is None and not (self.creates and self.http == "POST")

    def fits(self, segments: list[str]) -> bool:
        """Whether the path is one of this method's."""
        *front, final = segments
        if self.verb:
            final, _, verb = final.rpartition(":")
            if verb != self.verb or not final:
                return False
        return all(
            part is None or part == segment
            for part, segment in zip(self.template, [*front, final], strict=True)
        )


@dataclass(frozen=True)
class Match:
    """A method and the path's segments after the version, percent-decoded, without the verb."""

    method: Method
    segments: tuple[str, ...]
    kinds: tuple[str | None, ...]

    @property
    def key(self) -> str:
        """The path as a name."""
        return "/".join(self.segments)


def match(api: str, version: str, http: str, path: str) -> Match | None:
    """The method that answers a path, or None. Where several fit, the one with the most literal segments."""
    document = read(api, version)
    if document is None:
        return None
    segments = [unquote(segment) for segment in path.strip("/").split("/")]
    fitting = [
        m for m in _methods(document.api, document.version).get((http, len(segments)), []) if m.fits(segments)
    ]
    if not fitting:
        return _match_deep(document, http, segments)
    method = max(fitting, key=lambda m: (bool(m.verb), sum(part is not None for part in m.template)))
    if method.verb:
        segments[-1] = segments[-1].removesuffix(":" + method.verb)
    return Match(method, tuple(segments[versioned(method.template) :]), method.shape)


def _match_deep(document: Document, http: str, segments: list[str]) -> Match | None:
    """A method whose last name may have slashes in it: `operations/projects/p/…`."""
    for method in methods_of(document):
        front = method.template[:-1]
        deep = any(
            str(schema.get("pattern", "")).endswith((".*$", ".+$")) for schema in method.parameters.values()
        )
        if (
            deep
            and method.http == http
            and method.on_item
            and not method.verb
            and len(segments) > len(front)
            and list(front) == segments[: len(front)]
        ):
            skip = versioned(method.template)
            return Match(
                method, (*segments[skip : len(front)], "/".join(segments[len(front) :])), method.shape
            )
    return None


def versioned(template: Sequence[str | None]) -> int:
    """How many parts a path begins with that only say which API and version it is."""
    return next((at + 1 for at, part in enumerate(template[:3]) if part and VERSION.match(part)), 0)


def methods_of(document: Document) -> list[Method]:
    """All methods of a document."""
    return [method for some in _methods(document.api, document.version).values() for method in some]


@cache
def _methods(api: str, version: str) -> dict[tuple[str, int], list[Method]]:
    document = read(api, version)
    found: dict[tuple[str, int], list[Method]] = {}
    if document is not None:
        for content in _flattened(document.content):
            method = _method(document, content)
            found.setdefault((method.http, len(method.template)), []).append(method)
    return found


def _flattened(content: Json) -> list[Json]:
    mine = list(content.get("methods", {}).values())
    return mine + [one for inner in content.get("resources", {}).values() for one in _flattened(inner)]


def _method(document: Document, content: Json) -> Method:
    service = str(document.content.get("servicePath", ""))
    template = service + str(content.get("flatPath") or content["path"])
    verb = ""
    if found := re.search(r"[}\w]:(\w+)$", template):
        verb = found[1]
        template = template[: -len(verb) - 1]
    parts = tuple(None if part.startswith("{") else part for part in template.strip("/").split("/"))
    return Method(document, content, parts, verb)
