"""The registry says by which verb of `./aipress` an action is done; the command line has exactly those."""

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from aipress.cli.app import app
from aipress.cli.later import LATER
from aipress.cli.trouble import REFUSED, Trouble
from aipress.plans.actions import ACTIONS
from aipress.plans.not_yet import NOT_YET

# Who may see a site, what its owner keeps in it and what it should cost: no actions, so no words of the assistant's either.
NO_ACTIONS = {"sites members", "sites share", "sites unshare", "sites secrets", "sites budget"}


def test_the_verbs_for_sites_are_those_of_the_registry() -> None:
    sites = typer.main.get_command(app).commands["sites"]  # type: ignore[attr-defined]
    assert isinstance(sites, TyperGroup)
    said = {f"sites {name}" for name in sites.commands}
    assert said - NO_ACTIONS == {action.verb for action in ACTIONS.values() if action.verb}
    assert said >= NO_ACTIONS


def test_what_is_not_built_is_a_verb_that_says_so() -> None:
    unbuilt = {action.verb: action.id for action in ACTIONS.values() if action.verb and not action.built}
    assert {f"sites {verb}": action for verb, action in LATER.items()} == unbuilt


@pytest.mark.parametrize("verb", LATER)
def test_whatever_it_is_told_it_answers_with_the_registrys_sentence(verb: str) -> None:
    for words in ([], ["bakery"], ["bakery", "--since", "1h", "--json"]):
        done = CliRunner().invoke(app, ["sites", verb, *words])
        assert isinstance(done.exception, Trouble)
        assert done.exception.what == NOT_YET[LATER[verb]]
        assert done.exception.exit_code == REFUSED
