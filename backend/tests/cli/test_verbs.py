"""The registry says by which verb of `./aipress` an action is done; the command line has exactly those."""

import typer
from typer.core import TyperGroup

from aipress.cli.app import app
from aipress.plans.actions import ACTIONS

# Who may see a site, and what its owner keeps in it: no actions, so no words of the assistant's either.
NO_ACTIONS = {"sites members", "sites share", "sites unshare", "sites secrets"}


def test_the_verbs_for_sites_are_those_of_the_registry() -> None:
    sites = typer.main.get_command(app).commands["sites"]  # type: ignore[attr-defined]
    assert isinstance(sites, TyperGroup)
    said = {f"sites {name}" for name in sites.commands}
    assert said - NO_ACTIONS == {action.verb for action in ACTIONS.values() if action.verb}
    assert said >= NO_ACTIONS
