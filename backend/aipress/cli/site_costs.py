"""`aipress sites costs NAME`: what a site costs, as the control plane counted it; nothing is computed here."""

from typing import Annotated, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document

FEWEST_DAYS = 7


def costs(
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Which month; otherwise the current one.")
    ] = None,
    advice: Annotated[bool, typer.Option("--advice", help="How it could cost less instead.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """What a site costs: so far, a forecast, by service, and why it changed; or how it could cost less."""
    from aipress.cli.client import Api

    asked = {"month": month} if month and not advice else {}
    path = f"/tenants/{quote(site, safe='')}/billing{'/advice' if advice else ''}"
    told = Api(find(data)).get(path, **asked)
    if advice and not as_json:
        _advise(told)
        return
    if as_json:
        say.document(told)
        return
    bills = cast(list[Document], told["bills"])
    for bill in bills:
        _show(bill)
    when = (
        f"Counted up to {told['as_of']}."
        if told["as_of"]
        else "Nothing was counted yet; costs are counted every hour."
    )
    say.note(when if bills else f"Nothing was counted for {site} in {told['month']}. {when}")


def _advise(told: Document) -> None:
    """Each piece of advice with its saving and the figures it rests on."""
    for item in cast(list[Document], told["items"]):
        amount = str(item["saving"])
        worth = f"costs {amount[1:]}" if amount.startswith("-") else f"saves {amount}"
        size = f" Change to {item['tier']}: {worth}" if item["tier"] else f" {worth.capitalize()}"
        say.out.print(say.cell(f"{item['text']}{size} {item['currency']} a month."))
        for figure in cast(list[Document], item["figures"]):
            line = f"  {figure['name']}: {figure['value']} {figure['unit']} ({figure['source']})"
            say.out.print(say.cell(line), style="dim")
    if not told["items"]:
        few = int(str(told["days"])) < FEWEST_DAYS
        say.note(
            "Nothing to save." if not few else "Too early to say: that takes a week of bills on one size."
        )


def _show(bill: Document) -> None:
    currency = bill["currency"]
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("Service", overflow="fold")
    table.add_column(str(currency), justify="right")
    for one in cast(list[Document], bill["by_service"]):
        table.add_row(say.cell(one["service"]), say.cell(one["amount"]))
    table.add_row("So far", say.cell(bill["month_to_date"]))
    if forecast := cast(Document | None, bill["forecast"]):
        table.add_row("Forecast", say.cell(forecast["amount"]))
    say.out.print(table)
    if change := cast(Document | None, bill["change"]):
        say.line(
            f"{change['difference']} {currency} against the same {change['through_day']} days of the month before."
        )
        for reason in cast(list[Document], change["reasons"])[:5]:
            say.out.print(say.cell(f"  {reason['difference']} {currency}  {reason['text']}"))
