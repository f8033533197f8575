"""`aipress sites members|share|unshare`: whom a site is shared with, from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document
from aipress.cli.trouble import REFUSED, Trouble

if TYPE_CHECKING:
    # The client takes longer to load than `--help` should take to answer.
    from aipress.cli.client import Api

sharing = typer.Typer()

Site = Annotated[
    str, typer.Argument(metavar="NAME", help="The site's slug (its address's first word) or id.")
]
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's e-mail address.")]


@sharing.command()
def members(site: Site, data: Data = None, as_json: Json = False) -> None:
    """Who has a part in the site: its owner, and whom it is shared with."""
    found = list(_api(data).every(_path(site)))
    say.document({"items": list(found)}) if as_json else say.out.print(_table(found))


@sharing.command()
def share(site: Site, email: Email, data: Data = None, as_json: Json = False) -> None:
    """Share the site with somebody: they see all of it and do what can be undone. They are told by mail."""
    done = _api(data).post(_path(site), {"email": email})
    say.document(done) if as_json else say.line(f"{site} is shared with {_person(done)['email']}.")


@sharing.command()
def unshare(site: Site, email: Email, data: Data = None, as_json: Json = False) -> None:
    """Stop sharing the site with somebody. It holds from their next request on."""
    api = _api(data)
    wanted = email.strip().lower()
    found = [one for one in api.every(_path(site)) if str(_person(one)["email"]) == wanted]
    if not found:
        raise Trouble(f"{site} is not shared with {email}. Nothing was changed.", _look(site), REFUSED)
    api.delete(f"{_path(site)}/{quote(str(_person(found[0])['id']), safe='')}")
    say.document(found[0]) if as_json else say.line(f"{site} is no longer shared with {wanted}.")


def _api(data: Path | None) -> "Api":
    from aipress.cli.client import Api

    return Api(find(data))


def _table(found: list[Document]) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for title in ("Person", "Name", "Role", "Since"):
        table.add_column(title, overflow="fold")
    for one in found:
        person = _person(one)
        said = (person["email"], person["name"], one["role"], one["added_at"])
        table.add_row(*map(say.cell, said))
    return table


def _person(member: Document) -> Document:
    return cast(Document, member["user"])


def _look(site: str) -> str:
    return f"See with whom it is: ./aipress sites members {site}"


def _path(site: str) -> str:
    return f"/tenants/{quote(site, safe='')}/members"
