"""`aipress sites secrets NAME …`: a site's own secrets. A value comes from a hidden prompt or standard input, never from an
argument: those can be read by everybody on the machine, and stay in the shell's history."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document
from aipress.cli.trouble import Trouble

if TYPE_CHECKING:
    # The client takes longer to load than `--help` should take to answer.
    from aipress.cli.client import Api

site_secrets = typer.Typer(
    help="A site's secrets: aipress sites secrets NAME list, set, unset.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="The secret's name, such as STRIPE_KEY.")]


@site_secrets.callback()
def of_site(
    context: typer.Context,
    site: Annotated[
        str, typer.Argument(metavar="NAME", help="The site's slug (its address's first word) or id.")
    ],
) -> None:
    """What a site's WordPress has as variables and constants, and nobody can read back."""
    context.obj = site


@site_secrets.command("list")
def list_secrets(context: typer.Context, data: Data = None, as_json: Json = False) -> None:
    """The site's secrets, without their values."""
    found = list(_api(data).every(_path(context)))
    if as_json:
        say.document({"items": list(found)})
    elif found:
        say.out.print(_table(found))
    else:
        say.line(f"It has none yet. Set one: ./aipress sites secrets {context.obj} set STRIPE_KEY")


@site_secrets.command("set")
def set_secret(context: typer.Context, name: Name, data: Data = None, as_json: Json = False) -> None:
    """Give a secret a value: asked for, or read from standard input. The site has it at once."""
    value = _value(name)
    done = _api(data).put(f"{_path(context)}/{quote(name, safe='')}", {"value": value})
    say.document(done) if as_json else say.line(f"{name} is set (version {done['version']}).")


@site_secrets.command()
def unset(context: typer.Context, name: Name, data: Data = None, as_json: Json = False) -> None:
    """Take a secret away from the site."""
    _api(data).delete(f"{_path(context)}/{quote(name, safe='')}")
    say.document({"name": name, "is_set": False}) if as_json else say.line(f"{name} is gone.")


def _value(name: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"Value of {name} (not shown): ")
    try:
        return sys.stdin.buffer.read().decode().removesuffix("\n")
    except UnicodeDecodeError as error:
        raise Trouble("A secret's value is text in UTF-8. Nothing was changed.") from error


def _api(data: Path | None) -> "Api":
    from aipress.cli.client import Api

    return Api(find(data))


def _table(found: list[Document]) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for title in ("Secret", "Ends with", "Version", "Set", "By"):
        table.add_column(title, overflow="fold")
    for one in found:
        by = cast(Document, one["set_by"])["email"]
        ends = one["last_four"] or "(short)"
        table.add_row(*map(say.cell, (one["name"], ends, one["version"], one["set_at"], by)))
    return table


def _path(context: typer.Context) -> str:
    return f"/tenants/{quote(str(context.obj), safe='')}/secrets"
