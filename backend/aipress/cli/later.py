"""Verbs for what is not built yet: each answers what is missing and what can be done instead, as every other surface does.

The registry names them too, and a test holds this list to it: reading the registry here would make every command slower.
"""

from collections.abc import Callable

import typer

from aipress.cli.trouble import REFUSED, Trouble

LATER = {
    "backup": "CREATE_BACKUP",
    "restore": "RESTORE_BACKUP",
    "stage": "CREATE_STAGING",
    "push": "PUSH_STAGING",
}
ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}

later = typer.Typer()


def _answer(action: str) -> Callable[[], None]:
    def answer() -> None:
        from aipress.plans.not_yet import NOT_YET

        raise Trouble(NOT_YET[action], exit_code=REFUSED)

    return answer


for _verb, _action in LATER.items():
    later.command(_verb, help="Not there yet; says what can be done instead.", context_settings=ANYTHING)(
        _answer(_action)
    )
