"""The assistant's commands: `chat` talks or explains, `eval` scores how well an engine understands."""

from pathlib import Path
from typing import Annotated

import typer

from aipress.cli.installation import find
from aipress.cli.options import Data, Json

talking = typer.Typer()

Engine = Annotated[
    str | None, typer.Option(help="offline, gemini, openai-compatible, …; otherwise the configured one.")
]


# A command has an argument for each of its options.
@talking.command()
def chat(  # noqa: PLR0913
    text: Annotated[
        str | None, typer.Argument(help="What you want, in plain words; without it, a conversation begins.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what would be done with TEXT, and do nothing.")
    ] = False,
    sites: Annotated[
        str | None,
        typer.Option(help="With --explain: the sites there are, such as blog,shop; otherwise your own."),
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="With --explain: who says it, tenant or admin; otherwise you.")
    ] = None,
    thread: Annotated[
        list[str] | None,
        typer.Option(help="With --explain: what was said before; once for each message."),
    ] = None,
    engine: Engine = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The assistant in the terminal."""
    if explain:
        from aipress.cli.explaining import Said, explain_once

        explain_once(find(data), Said(text, sites, role, tuple(thread or ()), engine), as_json)
        return
    if sites is not None or role or thread or engine:
        raise typer.BadParameter("--sites, --role, --thread and --engine go with --explain.")
    from aipress.cli import chat as room

    room.talk(find(data)) if text is None else room.say_once(find(data), text, as_json)


@talking.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Sentences and what each one means, one JSON object a line.")],
    engine: Engine = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Score how well an engine understands: what it gets right, and what it would destroy unasked. Needs no platform."""
    from aipress.cli.explaining import evaluate as score

    score(find(data), file, engine, as_json)
