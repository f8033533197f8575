"""What an API means beyond create, get, list, change and delete: small functions, entered by the method they are for."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

Check = Callable[[Call], None]
Instead = Callable[[Call], Json]
Made = Callable[[Call, Resource], None]
Identity = Callable[[Call], str]


@dataclass
class Rules:
    """By method id: `checks` come before and may refuse, `instead` does all of it, `made` completes what was written,

    `identities` say what id a create gives. By collection: `missing` says which code an absence has, `soft` what a deletion
    leaves behind (a field and its value) where it leaves something. `canonical`: a path's parts as they are kept. `makes`: the full name of what a method makes elsewhere
    than below its path. `version`: the only one these rules are for. `alone`: methods that look for
    themselves whether what their path names is there. `merges`: PATCH is a JSON merge patch. `empty_answers`: what
    has no answer's schema says 200 and {} rather than 204.
    """

    checks: dict[str, list[Check]] = field(default_factory=dict)
    instead: dict[str, Instead] = field(default_factory=dict)
    completed: dict[str, list[Made]] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    soft: dict[str, tuple[str, str | bool]] = field(default_factory=dict)
    canonical: Callable[[tuple[str, ...]], tuple[str, ...]] | None = None
    makes: dict[str, Identity] = field(default_factory=dict)
    version: str = ""
    alone: frozenset[str] = frozenset()
    merges: bool = False
    empty_answers: bool = False

    def check(self, *method_ids: str) -> Callable[[Check], Check]:
        """Enter a check of methods."""

        def enter(function: Check) -> Check:
            for method_id in method_ids:
                self.checks.setdefault(method_id, []).append(function)
            return function

        return enter

    def does(self, *method_ids: str) -> Callable[[Instead], Instead]:
        """Enter what does all of a method."""

        def enter(function: Instead) -> Instead:
            self.instead.update(dict.fromkeys(method_ids, function))
            return function

        return enter

    def made(self, *method_ids: str) -> Callable[[Made], Made]:
        """Enter what completes a resource that was written."""

        def enter(function: Made) -> Made:
            for method_id in method_ids:
                self.completed.setdefault(method_id, []).append(function)
            return function

        return enter

    def names(self, *method_ids: str) -> Callable[[Identity], Identity]:
        """Enter how the id of what a method makes is found."""

        def enter(function: Identity) -> Identity:
            self.identities.update(dict.fromkeys(method_ids, function))
            return function

        return enter
