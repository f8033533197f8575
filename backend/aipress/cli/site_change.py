"""`aipress sites change`: another tier or other options for a site; without any, what can be chosen and what it costs."""

import secrets
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document

if TYPE_CHECKING:
    from aipress.cli.client import Api


def change(  # noqa: PLR0913
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    tier: Annotated[str | None, typer.Option(help="basic, standard or performance.")] = None,
    min_instances: Annotated[int | None, typer.Option(min=0, max=1000, help="That never sleep.")] = None,
    max_instances: Annotated[int | None, typer.Option(min=1, max=1000, help="At most.")] = None,
    concurrency: Annotated[int | None, typer.Option(min=1, max=1000, help="Requests at once.")] = None,
    region: Annotated[str | None, typer.Option(help="Where it is; chosen when a site is made.")] = None,
    media: Annotated[str | None, typer.Option(help="disk, or bucket: by signed URLs.")] = None,
    replicas: Annotated[
        int | None, typer.Option(min=0, max=100, help="To read from, of a database of its own.")
    ] = None,
    pooling: Annotated[
        bool | None, typer.Option("--pooling/--no-pooling", help="Of a database of its own.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Give a site another tier or other options, and wait until it answers; without any, say what there is to choose."""
    from aipress.cli.client import Api
    from aipress.cli.watching import finish

    api = Api(find(data))
    numbers = {"min_instances": min_instances, "max_instances": max_instances, "concurrency": concurrency}
    told = {**numbers, "region": region, "media": media, "replicas": replicas, "pooling": pooling}
    options = cast(Document, {name: value for name, value in told.items() if value is not None})
    if tier is None and not options:
        _offer(api, api.get(f"/tenants/{quote(site, safe='')}"), as_json)
        return
    wish: Document = {**({"tier": tier} if tier else {}), **({"options": options} if options else {})}
    begun = api.post(f"/tenants/{quote(site, safe='')}/adjustments", wish, key=secrets.token_hex(16))
    done = finish(api, begun, quiet=as_json)
    if as_json:
        say.document(done)
    else:
        now = api.get(f"/tenants/{quote(site, safe='')}")
        say.line(
            f"{now['slug']} is on the {now['tier']} tier{_chosen(now)}: {_money(now['monthly'])} a month."
        )


def _offer(api: "Api", site: Document, as_json: bool) -> None:
    there = api.get("/options", cloud=str(site["cloud"]), tier=str(site["tier"]))
    if as_json:
        say.document(there)
        return
    say.line(
        f"{site['slug']} is on the {site['tier']} tier{_chosen(site)}: {_money(site['monthly'])} a month."
    )
    table = Table("option", "what there is", "costs a month", box=None)
    for one in cast(list[Document], there["items"]):
        if one["least"] is not None:
            each = f"{_money(one['each'])} for one more" if one["each"] else ""
            table.add_row(
                _word(one["name"]), f"{one['least']} to {one['most']}, usually {one['usual']}", each
            )
        for choice in cast(list[Document], one["choices"]):
            table.add_row(_word(one["name"]), str(choice["value"]), _money(choice["monthly"]))
    say.out.print(table)


def _chosen(site: Document) -> str:
    usual = {"", "disk", "shared", 0, None}
    options = cast(Document, site["options"])
    chosen = [
        f"{_word(name)} {value}"
        for name, value in options.items()
        if value not in usual or name == "min_instances"
    ]
    chosen = [one for one in chosen if not one.endswith(" None")]
    return f" ({', '.join(chosen)})" if chosen else ""


def _word(name: object) -> str:
    return str(name).replace("_", "-")


def _money(told: object) -> str:
    money = cast(Document, told)
    return f"{float(str(money['amount'])):.2f} {money['currency']}"
