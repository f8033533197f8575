"""`aipress sites budget NAME 20 USD`: what a site should cost a month at most, and when its owner hears of it by mail."""

from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document
from aipress.cli.trouble import Trouble

if TYPE_CHECKING:
    # The client takes longer to load than `--help` should take to answer.
    from aipress.cli.client import Api

NONE = ["none"]


def budget(
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    amount: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[AMOUNT [CURRENCY]|none]",
            help="A month's budget, such as 20 USD, or none; without it, the one there is.",
        ),
    ] = None,
    at: Annotated[
        list[int] | None,
        typer.Option(metavar="PERCENT", help="Tell the owner at this part of it; can be said again."),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """A site's budget a month: shown, set, or taken away. Its owner gets mail at its thresholds; nothing is ever stopped."""
    from aipress.cli.client import Api

    api, path = Api(find(data)), f"/tenants/{quote(site, safe='')}"
    if amount == NONE:
        api.delete(f"{path}/budget")
    elif amount:
        api.put(f"{path}/budget", _wish(amount, at))
    found = _known(api, path)
    say.document(found or {}) if as_json else say.line(_said(site, found))


def _wish(amount: list[str], at: list[int] | None) -> Document:
    """Raises Trouble for words that are no amount."""
    if len(amount) > 2:
        raise Trouble("A budget is an amount and a currency, such as 20 USD. Nothing was changed.")
    number, currency = [*amount, "USD"][:2]
    wish: Document = {"amount": number, "currency": currency.upper()}
    return {**wish, "thresholds": [*at]} if at else wish


def _known(api: "Api", path: str) -> Document | None:
    return cast(Document | None, api.get(f"{path}/billing")["budget"])


def _said(site: str, budget: Document | None) -> str:
    if budget is None:
        return f"{site} has no budget. Set one: ./aipress sites budget {site} 20 USD"
    parts = ", ".join(f"{one} %" for one in cast(list[int], budget["thresholds"]))
    return (
        f"{site} may cost {budget['amount']} {budget['currency']} a month; {budget['spent_percent']} % of that is spent. "
        f"Its owner is told at {parts}."
    )
