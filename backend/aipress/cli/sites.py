"""`aipress sites …`: sites from the command line, as the local operator."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.later import later
from aipress.cli.options import Data, Json
from aipress.cli.say import Document
from aipress.cli.sharing import sharing
from aipress.cli.site_budget import budget
from aipress.cli.site_change import change
from aipress.cli.site_costs import costs
from aipress.cli.site_diagnosis import diagnose
from aipress.cli.site_domains import site_domains
from aipress.cli.site_logs import logs
from aipress.cli.site_metrics import metrics
from aipress.cli.site_move import move
from aipress.cli.site_purge import purge
from aipress.cli.site_secrets import site_secrets
from aipress.cli.trouble import Trouble
from aipress.cli.watching import finish

if TYPE_CHECKING:
    # The client takes longer to load than `--help` should take to answer.
    from aipress.cli.client import Api

sites = typer.Typer(
    help="Sites: list, create, show, open, delete, share, secrets, domains, logs, metrics, diagnose, costs, budget, purge, move, change.",
    no_args_is_help=True,
)
sites.add_typer(sharing)
sites.add_typer(site_secrets, name="secrets")
sites.add_typer(site_domains, name="domains")
sites.add_typer(later)
sites.command()(metrics)
sites.command()(costs)
sites.command()(diagnose)
sites.command()(budget)
sites.command()(logs)
sites.command()(purge)
sites.command()(move)
sites.command()(change)

Site = Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")]


@sites.command("list")
def list_sites(data: Data = None, as_json: Json = False) -> None:
    """All sites."""
    found = list(_api(data).every("/tenants"))
    if as_json:
        say.document({"items": list(found)})
    elif found:
        say.out.print(_table(found))
    else:
        say.line('There are no sites yet. Make one: ./aipress sites create "Sunrise Bakery"')


# A command has an argument for each of its options.
@sites.command()
def create(  # noqa: PLR0913
    name: Annotated[str, typer.Argument(help="What the site is called.")],
    slug: Annotated[
        str | None, typer.Option(help="Its address's first word; otherwise made from the name.")
    ] = None,
    tier: Annotated[str, typer.Option(help="basic, standard or performance.")] = "basic",
    cloud: Annotated[
        str | None,
        typer.Option(help="local or gcp, where the platform has both; otherwise where new sites are."),
    ] = None,
    region: Annotated[str | None, typer.Option(help="Where, if its cloud has several.")] = None,
    database: Annotated[
        str | None, typer.Option(help="own: an instance of its own, where there is one.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a site and wait until it answers; prints its address."""
    api = _api(data)
    wish: Document = {"name": name, "tier": tier}
    wish |= {key: value for key, value in (("slug", slug), ("cloud", cloud)) if value}
    options = {key: value for key, value in (("region", region), ("database", database)) if value}
    wish |= {"options": cast(Document, options)} if options else {}
    done = finish(api, api.post("/tenants", wish, key=secrets.token_hex(16)), quiet=as_json)
    if as_json:
        say.document(done)
    else:
        say.line(str(cast(Document, done["result"])["url"]))


@sites.command()
def show(site: Site, data: Data = None, as_json: Json = False) -> None:
    """One site."""
    found = _api(data).get(f"/tenants/{_path(site)}")
    if as_json:
        say.document(found)
    else:
        for label, value in _facts(found).items():
            say.line(f"{label:<8} {value}")


@sites.command("open")
def open_site(site: Site, data: Data = None, as_json: Json = False) -> None:
    """A link into the site's wp-admin; it works once, within a minute."""
    link = _api(data).post(f"/tenants/{_path(site)}/login-links")
    say.document(link) if as_json else say.line(str(link["url"]))


@sites.command()
def delete(
    site: Site,
    yes_delete: Annotated[
        str | None, typer.Option(metavar="SLUG", help="The slug again, instead of typing it when asked.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Remove a site and everything it has. There is no way back."""
    api = _api(data)
    slug = str(api.get(f"/tenants/{_path(site)}")["slug"])
    typed = (
        yes_delete
        if yes_delete is not None
        else say.ask(f"Type {slug} to delete this site and everything it has")
    )
    if typed != slug:
        raise Trouble(f"That is not {slug}. Nothing was deleted.")
    done = finish(api, api.delete(f"/tenants/{slug}", {"typed_name": typed}), quiet=as_json)
    say.document(done) if as_json else say.line(f"{slug} is gone.")


def _api(data: Path | None) -> "Api":
    from aipress.cli.client import Api

    return Api(find(data))


def _table(found: list[Document]) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for title in ("Site", "State", "Cloud", "Address", "Owner"):
        table.add_column(title, overflow="fold")
    for site in found:
        table.add_row(
            str(site["slug"]),
            str(site["state"]),
            str(site["cloud"]),
            str(site["url"]),
            str(cast(Document, site["owner"])["email"]),
        )
    return table


def _facts(site: Document) -> dict[str, str]:
    owner = cast(Document, site["owner"])
    return {
        "Name": str(site["name"]),
        "Slug": str(site["slug"]),
        "State": str(site["state"]),
        "Cloud": str(site["cloud"]) + (f", on its way to {site['moving_to']}" if site["moving_to"] else ""),
        "Address": str(site["url"]),
        "Owner": str(owner["email"]),
        "Tier": str(site["tier"]),
        "Made": str(site["created_at"]),
        "Id": str(site["id"]),
    }


def _path(site: str) -> str:
    return quote(site, safe="")
