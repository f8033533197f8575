"""Sentences that scripted models understand: each calls one tool of the assistant. With them goes what to say when it has answered."""

import json
import re
from collections.abc import Container

Call = tuple[str, dict[str, str]]
SLUG = r"(?P<tenant>[a-z0-9-]+)"
WISHES = {
    "create_site": r"create a site called (?P<name>.+)",
    "list_sites": r"show my sites",
    "get_site": rf"how is {SLUG}\?",
    "diagnose": rf"why is {SLUG} slow\?",
    "create_backup": rf"back up {SLUG}",
    "delete_site": rf"delete the site {SLUG}",
}


def call_for(prompt: str, offered: Container[str]) -> Call | None:
    """The tool that the prompt calls for, with its arguments. Fails when the assistant does not offer that tool."""
    for tool, sentence in WISHES.items():
        if found := re.fullmatch(sentence, prompt, re.IGNORECASE):
            assert tool in offered, f"{tool} is not offered"
            return tool, found.groupdict()
    return None


def told(answer: str) -> str:
    """A tool's answer as a sentence: why it did nothing, or that it did."""
    return str(json.loads(answer).get("problem") or "That is on its card. ")
