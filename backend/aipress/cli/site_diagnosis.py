"""`aipress sites diagnose NAME`: why a site is slow or broken, as the control plane found it; nothing is judged here."""

from typing import Annotated, cast
from urllib.parse import quote

import typer

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document


def diagnose(
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="From when, as 2026-11-28T09:00:00Z; otherwise the last hour."),
    ] = None,
    environment: Annotated[str, typer.Option(help="live, staging, or an environment's id.")] = "live",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Why a site is slow or broken: likely causes, what they stand on, and what helps."""
    from aipress.cli.client import Api

    asked = {"environment": environment, **({"since": since} if since else {})}
    told = Api(find(data)).get(f"/tenants/{quote(site, safe='')}/diagnosis", **asked)
    if as_json:
        say.document(told)
        return
    findings = cast(list[Document], told["findings"])
    if not findings:
        say.line(str(cast(Document, told["summary"])["text"]))
    for number, finding in enumerate(findings, start=1):
        _show(number, finding)
    if unseen := cast(list[str], told["unseen"]):
        say.note(f"Could not be looked at just now: {', '.join(unseen)}.")
    say.note(f"From {told['since']} to {told['until']}; --json has every fact and where its rows are.")


def _show(number: int, finding: Document) -> None:
    say.out.print(say.cell(f"{number}. {finding['title']} ({finding['confidence']})"))
    for claim in cast(list[Document], finding["claims"]):
        facts = ", ".join(cast(list[str], claim["facts"]))
        say.out.print(say.cell(f"   - {claim['text']} [{facts}]"))
    say.out.print(say.cell(f"   What helps: {cast(Document, finding['proposal'])['text']}"))
