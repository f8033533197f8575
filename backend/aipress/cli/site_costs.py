"""`aipress sites costs NAME`: what a site costs, as the control plane counted it; nothing is computed here."""

from typing import Annotated, cast
from urllib.parse import quote

import typer
from rich.table import Table

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document


def costs(
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Which month; otherwise the current one.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """What a site costs: so far, a forecast, by service, and why it changed."""
    from aipress.cli.client import Api

    asked = {"month": month} if month else {}
    told = Api(find(data)).get(f"/tenants/{quote(site, safe='')}/billing", **asked)
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
