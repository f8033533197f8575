"""`aipress gcp plan SITE`: what a site would be made of on Google Cloud and what that would cost; nobody asks Google, nothing is made."""

import re
from typing import TYPE_CHECKING, Annotated, Any, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.gcp_looking import audit, doctor
from aipress.cli.installation import Installation, find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document
from aipress.cli.trouble import REFUSED, Trouble

if TYPE_CHECKING:
    from aipress.clouds.base import EnvironmentSpec
    from aipress.clouds.gcp.places import Place
    from aipress.clouds.gcp.planning import Plan

PROJECT, REGION = "my-project", "europe-west1"
PLAIN = re.compile(r"[a-z][a-z0-9-]{1,40}")
gcp = typer.Typer(help="Google Cloud: what a site would be there, and how it is there.", no_args_is_help=True)


gcp.command()(doctor)
gcp.command()(audit)


@gcp.callback()
def _room() -> None:
    """Google Cloud: what a site would be there, and how it is there."""


@gcp.command()
def plan(
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    where: Annotated[
        str, typer.Option("--place", metavar="PROJECT/REGION", help="Where; otherwise as the settings say.")
    ] = "",
    requests: Annotated[
        int, typer.Option(min=0, max=10**9, help="Requests a month that reach WordPress.")
    ] = 10_000,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """What would be created for a site on Google Cloud, and its price a month by Google's list. Needs no account there."""
    from aipress.cli.client import Api
    from aipress.clouds.gcp.planning import plan_of
    from aipress.clouds.gcp.prices import Load

    installed = find(data)
    place = _place(installed, where)
    api, path = Api(installed), f"/tenants/{quote(site, safe='')}"
    told = api.get(path)
    domains = [str(one["domain"]) for one in api.every(f"{path}/domains")]
    plans = [
        plan_of(one, place, Load(requests=requests), domains if one.kind == "live" else ())
        for one in _environments(told)
    ]
    if not plans:
        raise Trouble(f"{site} has no environment to plan for.", "See ./aipress sites show.", REFUSED)
    if as_json:
        say.document({"tenant": told["id"], "environments": [_document(one) for one in plans]})
        return
    for one in plans:
        _show(one)
    _explain(plans[0], place)


def _place(installed: Installation, where: str) -> "Place":
    from aipress.clouds.gcp.planning import supposed_place

    settings = installed.settings
    project, _, region = where.partition("/")
    if where and not (PLAIN.fullmatch(project) and PLAIN.fullmatch(region)):
        raise Trouble(f"“{where}” is no place.", f"Say it as {PROJECT}/{REGION}.", REFUSED)
    return supposed_place(
        project or settings.google_cloud_project or PROJECT,
        region or settings.google_cloud_location or REGION,
        settings.host,
    )


def _environments(told: Document) -> "list[EnvironmentSpec]":
    """The tenant's environments as clouds know them; their number is of this machine alone."""
    from aipress.clouds.base import EnvironmentSpec
    from aipress.clouds.options import Options

    options = Options(**cast(dict[str, Any], told["options"]))
    return [
        EnvironmentSpec(
            id=str(one["id"]),
            number=0,
            tenant=str(told["id"]),
            slug=str(told["slug"]),
            kind="staging" if one["kind"] == "staging" else "live",
            tier=str(told["tier"]),
            options=options,
        )
        for one in cast(list[Document], told["environments"])
    ]


def _document(plan: "Plan") -> Document:
    """All of it, bodies too."""
    return {
        "id": plan.environment.id,
        "kind": plan.environment.kind,
        "host": plan.host,
        "resources": [
            cast(
                Document,
                {
                    "kind": one.kind,
                    "name": one.name,
                    "request": f"{one.verb} {one.api}{one.path}",
                    "query": dict(one.query),
                    "body": one.body,
                },
            )
            for one in plan.resources
        ],
        "besides": [{"kind": kind, "name": name} for kind, name in plan.besides],
        "price": {
            "amount": f"{plan.monthly:f}",
            "currency": plan.sheet.currency,
            "read": plan.sheet.read.isoformat(),
            "lines": [
                {
                    "service": line.price.service,
                    "sku": line.price.sku,
                    "unit": line.price.unit,
                    "amount": f"{float(line.amount):.6f}",
                    "cost": f"{line.cost:f}",
                    "source": line.price.source,
                    "seen": line.price.seen,
                }
                for line in plan.lines
            ],
        },
    }


def _show(plan: "Plan") -> None:
    from aipress.clouds.gcp.prices import in_cents

    say.out.print(say.cell(f"{plan.host} ({plan.environment.kind}, {plan.environment.tier})"))
    made = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    made.add_column("Created")
    made.add_column("Name", overflow="fold")
    for kind, names in _by_kind(plan).items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        made.add_row(say.cell(kind), say.cell(names[0] + more))
    say.out.print(made)
    priced = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    priced.add_column("A month")
    priced.add_column("Amount", justify="right")
    priced.add_column("Unit")
    priced.add_column(plan.sheet.currency, justify="right")
    for line in plan.lines:
        unsure = "" if line.price.seen == "page" else " *"
        what = f"{line.price.service}: {line.price.sku}{unsure}"
        priced.add_row(
            say.cell(what), f"{float(line.amount):.2f}", say.cell(line.price.unit), in_cents(line.cost)
        )
    priced.add_row("All of it", "", "", in_cents(plan.monthly))
    say.out.print(priced)


def _by_kind(plan: "Plan") -> dict[str, list[str]]:
    """In the order they are made; all of them are in the document."""
    found: dict[str, list[str]] = {}
    for kind, name in [*((one.kind, one.name) for one in plan.resources), *plan.besides]:
        found.setdefault(kind, []).append(name)
    return found


def _explain(plan: "Plan", place: "Place") -> None:
    from aipress.clouds.gcp.prices import LEFT_OUT

    say.note(
        f"Nothing was made, and Google was not asked. Project {place.project} in {place.region}; list prices read "
        f"{plan.sheet.read:%Y-%m-%d}, before discounts and free quotas. * still to be looked up."
    )
    say.note(f"Not in it: {'; '.join(LEFT_OUT)}.")
