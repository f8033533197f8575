"""`aipress sites purge`: let the edge forget a site's kept pages."""

from typing import Annotated, cast
from urllib.parse import quote

import typer

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document


def purge(
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    path: Annotated[
        str | None, typer.Option(help="One path, such as /menu/; without it, the whole site.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Clear a site's page cache. Changes made in WordPress do that by themselves."""
    from aipress.cli.client import Api

    asked = f"?path={quote(path, safe='')}" if path else ""
    receipt = Api(find(data)).delete(f"/tenants/{quote(site, safe='')}/cache{asked}")
    if as_json:
        say.document(receipt)
    else:
        slug = cast(Document, receipt["tenant"])["slug"]
        say.line(f"{path or 'Every page'} of {slug} is made anew for its next visitor.")
