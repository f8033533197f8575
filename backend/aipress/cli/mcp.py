"""`aipress mcp`: becomes the MCP server over standard input and output, as an agent of one person."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from aipress.cli import token
from aipress.cli.installation import Installation
from aipress.cli.machine.programs import forwarded
from aipress.cli.trouble import Trouble

TOKEN = "AIPRESS_TOKEN"  # noqa: S105  the variable's name
AS_LONG_AS_A_CLIENT_RUNS = "30d"


def become(place: Installation, token_file: Path | None, email: str | None) -> NoReturn:
    """Run the server in this process's place, which is how an MCP client starts one. Raises Trouble without a token."""
    told = os.environ | forwarded(place.settings, "mcp") | {TOKEN: _token(place, token_file, email)}
    os.execve(sys.executable, (sys.executable, "-P", "-m", "aipress.chat.mcp"), told)  # noqa: S606


def _token(place: Installation, token_file: Path | None, email: str | None) -> str:
    """From the file, else from the environment; else the operator makes one for `email`, by default the platform's admin.

    It is never the operator's own: a plan is for a person, and the operator can't open the app to confirm it.
    """
    if token_file is not None:
        return _read(token_file)
    if email is None and (given := os.environ.get(TOKEN)):
        return given
    made = token.make(place, email or place.settings.admin_email, None, AS_LONG_AS_A_CLIENT_RUNS)
    return str(made["token"])


def _read(token_file: Path) -> str:
    try:
        return token_file.read_text().strip()
    except OSError as error:
        raise Trouble(
            f"The token in {token_file} can't be read.", "Make one with ./aipress token --email E."
        ) from error
