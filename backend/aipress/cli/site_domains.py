"""`aipress sites domains list|add|check|remove NAME [DOMAIN]`: a site's own domains, and the DNS records they need."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document

if TYPE_CHECKING:
    # The client takes longer to load than `--help` should take to answer.
    from aipress.cli.client import Api

site_domains = typer.Typer(help="A site's own domains: list, add, check, remove.", no_args_is_help=True)

Site = Annotated[
    str, typer.Argument(metavar="NAME", help="The site's slug (its address's first word) or id.")
]
Domain = Annotated[str, typer.Argument(help="The domain, such as www.example.com.")]


@site_domains.command("list")
def list_domains(site: Site, data: Data = None, as_json: Json = False) -> None:
    """The site's domains, and how far each is."""
    found = list(_api(data).every(_path(site)))
    if as_json:
        say.document({"items": list(found)})
    elif found:
        for one in found:
            _tell(one)
    else:
        say.line(f"It has none of its own yet. Add one: ./aipress sites domains add {site} www.example.com")


@site_domains.command()
def add(site: Site, domain: Domain, data: Data = None, as_json: Json = False) -> None:
    """Let the site have a domain, and show the DNS records that prove and lead it."""
    added = _api(data).post(_path(site), {"domain": domain})
    if as_json:
        say.document(added)
        return
    _tell(added)
    say.line(f"When they are set: ./aipress sites domains check {site} {added['domain']}")


@site_domains.command()
def check(site: Site, domain: Domain, data: Data = None, as_json: Json = False) -> None:
    """Look for the domain's records now, and connect it if they are right."""
    api, path = _api(data), f"{_path(site)}/{quote(domain, safe='')}"
    api.post(f"{path}/verification", {})
    found = api.get(path)
    say.document(found) if as_json else _tell(found)


@site_domains.command()
def remove(site: Site, domain: Domain, data: Data = None, as_json: Json = False) -> None:
    """Stop answering under the domain."""
    receipt = _api(data).delete(f"{_path(site)}/{quote(domain, safe='')}")
    if as_json:
        say.document(receipt)
    else:
        slug = cast(Document, receipt["tenant"])["slug"]
        say.line(f"{slug} does not answer under {domain} any more.")


def _tell(domain: Document) -> None:
    """How far it is, then its records one a line, whole, so that each can be copied."""
    say.line(f"{domain['domain']} is {domain['state']}. {domain['why']}".strip())
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for title in ("Name", "Type", "Value", "Found"):
        table.add_column(title, overflow="fold", no_wrap=title != "Found")
    for one in cast(list[Document], domain["records"]):
        found = ", ".join(cast(list[str], one["found"]))
        seen = str(one["state"]) if one["state"] == "right" or not found else f"{one['state']}: {found}"
        table.add_row(*map(say.cell, (one["name"], one["kind"], one["value"], seen)))
    say.out.print(table)


def _api(data: Path | None) -> "Api":
    from aipress.cli.client import Api

    return Api(find(data))


def _path(site: str) -> str:
    return f"/tenants/{quote(site, safe='')}/domains"
