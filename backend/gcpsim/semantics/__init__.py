"""Google's meaning, by hand: one file for each API whose rules go beyond the common ones."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from gcpsim.discovery.documents import Document
from gcpsim.rules import Rules

NONE = Rules()


def rules_for(document: Document) -> Rules:
    """The rules of an API's version; of most there are none beyond the common ones."""
    rules = _rules(document.api)
    return rules if rules.version in ("", document.version) else NONE


@cache
def _rules(api: str) -> Rules:
    if find_spec(f"gcpsim.semantics.{api}") is None:
        return NONE
    rules = getattr(import_module(f"gcpsim.semantics.{api}"), "RULES", NONE)
    return rules if isinstance(rules, Rules) else NONE
