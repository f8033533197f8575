"""Google's meaning, by hand: one file for each API whose rules go beyond the common ones."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from gcpsim.rules import Rules


@cache
def rules_for(api: str) -> Rules:
    """The rules of an API; of most there are none beyond the common ones."""
    if find_spec(f"gcpsim.semantics.{api}") is None:
        return Rules()
    rules = import_module(f"gcpsim.semantics.{api}").RULES
    assert isinstance(rules, Rules)  # noqa: S101 - a room of this package without its rules is a mistake of ours
    return rules
