"""Watching an operation from the command line, to its end."""

from typing import TYPE_CHECKING, cast

from aipress.cli import say
from aipress.cli.say import Document
from aipress.cli.trouble import PLATFORM_FAILED, Trouble

if TYPE_CHECKING:
    from aipress.cli.client import Api

# A cold machine that makes its first site may have to wait for the database.
LONGEST_OPERATION = 300


def finish(api: "Api", operation: Document, quiet: bool, longest: float = LONGEST_OPERATION) -> Document:
    """Watch the operation to its end. Raises Trouble with its own words when it failed."""
    last, done = operation, set[str]()
    for last in api.events(f"/operations/{operation['id']}/events", longest):
        for step in cast(list[Document], last["steps"]):
            if step["state"] == "done" and step["key"] not in done and not quiet:
                done.add(str(step["key"]))
                say.note(f"  ✓ {step['label']}")
    if last["state"] != "succeeded":
        error = cast(Document, last.get("error") or {})
        raise Trouble(
            str(error.get("title", "It did not work.")), str(error.get("detail", "")), PLATFORM_FAILED
        )
    return last
