"""`aipress sites move`: carry a site to another cloud of this platform, or back."""

import secrets
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.say import Document
from aipress.cli.trouble import Trouble
from aipress.cli.watching import finish

if TYPE_CHECKING:
    from aipress.cli.client import Api

LONGEST_MOVE = 3 * 3600  # seconds: of much media


def move(
    site: Annotated[str, typer.Argument(help="The site's slug (its address's first word) or id.")],
    to: Annotated[str, typer.Option(help="gcp (Google Cloud) or local (this machine).")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Move it without asking.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Carry a site to another cloud with all it has. Visitors read all the while; for seconds nothing can be written."""
    from aipress.cli.client import Api

    api = Api(find(data))
    plan = api.post("/plans", {"action": "MOVE_SITE", "arguments": {"tenant": _slug(api, site), "to": to}})
    if not yes:
        for told in cast(list[str], plan["touches"]):
            say.note(f"  {told}.")
        if not say.agrees(f"{plan['title']}?"):
            api.delete(f"/plans/{plan['id']}", None)
            raise Trouble("Nothing was moved.", "Say --yes where there is nobody to ask.")
    said = api.post(f"/plans/{plan['id']}/confirmation", {"hash": plan["hash"]}, key=secrets.token_hex(16))
    done = finish(api, said, quiet=as_json, longest=LONGEST_MOVE)
    say.document(done) if as_json else say.line(_in_words(done))


def _slug(api: "Api", site: str) -> str:
    return str(api.get(f"/tenants/{quote(site, safe='')}")["slug"])


def _in_words(done: Document) -> str:
    result = cast(Document, done["result"])
    left = f" {result['left_out']} files could not be carried." if result.get("left_out") else ""
    return (
        f"{result['url']}\n{_arrived(result)} (rows {str(result['digest'])[:12]}…). "
        f"Nothing could be written for {result['read_only_seconds']} seconds.{left}"
    )


def _arrived(result: Document) -> str:
    files = result["files"]
    if not files:
        return "Its database arrived as it left"
    return f"{files} {'file' if files == 1 else 'files'} and the database arrived as they left"
