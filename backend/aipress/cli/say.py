"""How the command line speaks: calm lines for people, one JSON document for scripts."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import JsonValue
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from aipress.cli.trouble import Trouble

Document = dict[str, JsonValue]

# A file or a pipe has no width of its own: there, tables are as wide as what they hold.
WIDE = None if sys.stdout.isatty() else 400

out = Console(highlight=False, soft_wrap=True, width=WIDE)
err = Console(highlight=False, soft_wrap=True, stderr=True)


@contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """One line of a longer work: a spinner while it runs on a terminal, then what came of it and how long it took."""
    notes: list[str] = []
    began = time.monotonic()
    with out.status(title) if out.is_terminal else _silence():
        try:
            yield notes.append
        except BaseException:
            out.print(f"  [red]✗[/] {escape(title)}")
            raise
    took = time.monotonic() - began
    said = f" [dim]· {escape(', '.join(notes))}[/]" if notes else ""
    out.print(f"  [green]✓[/] {escape(title)}{said} [dim]({took:.1f} s)[/]")


@contextmanager
def _silence() -> Iterator[None]:
    yield


def line(text: str = "") -> None:
    """A line as it is, without markup."""
    out.print(text, markup=False)


def cell(text: object) -> Text:
    """Something from outside as a table's cell: no markup, and nothing that a terminal would obey."""
    return Text("".join(char if char.isprintable() else "·" for char in str(text)))


def note(text: str) -> None:
    """A line beside the answer: on standard error, so that scripts read the answer alone."""
    err.print(text, markup=False, style="dim")


def agrees(question: str) -> bool:
    """Whether the person says yes. Without a terminal to ask on, nobody does."""
    return sys.stdin.isatty() and out.input(f"{escape(question)} [y/N] ").strip().lower() in ("y", "yes")


def ask(question: str) -> str:
    """What the person types. Raises Trouble where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise Trouble(
            "This has to be answered by a person, and there is no terminal.",
            "See --help for the option that answers it.",
        )
    return out.input(f"{escape(question)}: ").strip()


def styled(markup: str) -> None:
    """A line with Rich's markup; everything that comes from outside has to be escaped."""
    out.print(markup)


def document(value: JsonValue) -> None:
    """The answer for a script: JSON and nothing else on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def trouble(problem: Trouble) -> None:
    """The last words of a command that did not work."""
    err.print(f"[red]{escape(problem.what)}[/]")
    if problem.remedy:
        err.print(escape(problem.remedy))
