"""A hook of schemathesis: whoever asks leaves their own account alone. Somebody suspended hears 401 ever after, which tests nothing."""

import os
from typing import Any

import schemathesis

OWN = os.environ["SPARED_ACCOUNT"]


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """What would change the caller's own account is asked of nobody's instead."""
    asked = case.path_parameters or {}
    if case.method != "GET" and OWN in asked.values():
        case.path_parameters = {
            name: "usr_nobody" if value == OWN else value for name, value in asked.items()
        }
