"""The aipress command: what can be said, and where each word leads. Every command loads only what it needs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from aipress.cli import say
from aipress.cli.checking import checking
from aipress.cli.gcp import gcp as gcp_commands
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.sites import sites as site_commands
from aipress.cli.talking import talking
from aipress.cli.trouble import FAILED, NOT_RUNNING, PLATFORM_FAILED, Trouble
from aipress.cli.vault import vault as vault_commands
from aipress.errors import AIPressError

app = typer.Typer(
    help="AIPress: hosting for WordPress that is asked for in plain words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(site_commands, name="sites")
app.add_typer(vault_commands, name="vault")
app.add_typer(gcp_commands, name="gcp")
app.add_typer(checking)
app.add_typer(talking)


def main() -> None:
    """Run one command; an expected failure ends in one or two sentences and an exit code, never in a traceback."""
    try:
        app(prog_name="./aipress")
    except Trouble as trouble:
        say.trouble(trouble)
        sys.exit(trouble.exit_code)
    except AIPressError as error:
        say.trouble(Trouble(str(error)))
        sys.exit(FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


@app.command()
def up(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The one port everything answers on.")
    ] = None,
    data: Data = None,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return when it runs.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Install missing packages without asking.")
    ] = False,
    gcp_sim: Annotated[
        bool | None,
        typer.Option(
            "--gcp-sim/--no-gcp-sim",
            help="Have sites on Google Cloud too, simulated on this machine; remembered.",
        ),
    ] = None,
) -> None:
    """Set up what is missing, start the platform, print its address and a one-time sign-in link. Safe to say again."""
    from aipress.cli.up import Wishes, bring_up

    bring_up(find(data, port, gcp_sim), Wishes(agreed=yes, detached=detach))


@app.command()
def down(data: Data = None) -> None:
    """Stop everything. Sites come back with the next up."""
    from aipress.cli.down import take_down

    take_down(find(data))


@app.command()
def status(data: Data = None, as_json: Json = False) -> None:
    """How the platform is: services, address, sites, isolation. Exit code 3 when it is not running."""
    from aipress.cli.status import look, show

    found = look(find(data))
    say.document(found) if as_json else show(found)
    if not found["running"]:
        raise typer.Exit(NOT_RUNNING)
    if not found["ready"]:
        raise typer.Exit(PLATFORM_FAILED)


@app.command()
def doctor(
    data: Data = None,
    leaks: Annotated[
        bool, typer.Option("--leaks", help="Look for what exists and belongs to no site.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Examine this machine and the platform, and say what to mend. Exit code 1 when something is wrong."""
    from aipress.cli import doctor as room

    is_well = room.show_leaks(find(data), as_json) if leaks else room.show_findings(find(data), as_json)
    raise typer.Exit(0 if is_well else FAILED)


@app.command()
def logs(
    service: Annotated[
        str,
        typer.Argument(
            help="mariadb, redis, gcpsim, hostd, shipper, control, assistant, nginx or supervisord."
        ),
    ],
    data: Data = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what is written from now on.")
    ] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")] = 100,
) -> None:
    """What a service wrote."""
    from aipress.cli.logs import show

    show(find(data), service, lines, follow)


@app.command()
def token(
    email: Annotated[str, typer.Option(help="Whose token; a new address becomes a user.")],
    role: Annotated[str | None, typer.Option(help="tenant or admin, for a new address.")] = None,
    ttl: Annotated[str, typer.Option(help="How long it is good for, such as 90s, 30m, 1h or 7d.")] = "1h",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """A bearer token for scripts."""
    from aipress.cli.token import make

    made = make(find(data), email, role, ttl)
    say.document(made) if as_json else say.line(str(made["token"]))


@app.command()
def mcp(
    token_file: Annotated[
        Path | None, typer.Option(help="Whose agent it is: a file with their token; else AIPRESS_TOKEN.")
    ] = None,
    email: Annotated[
        str | None, typer.Option(help="Or by address, on the machine itself; otherwise the platform's admin.")
    ] = None,
    data: Data = None,
) -> None:
    """The assistant's tools for other assistants (MCP), over standard input and output. An MCP client starts this."""
    from aipress.cli.mcp import become

    become(find(data), token_file, email)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="What to measure: create, chat, logs, cache, web.")],
    as_json: Json = False,
    sites: Annotated[int, typer.Option(help="For create: how many sites to make, at least 100.")] = 300,
) -> None:
    """Measure this machine, on a platform of its own that is gone afterwards: figures, never opinions."""
    from aipress.cli.bench import measure, show

    figures = measure(name, sites)
    say.document(dict(figures)) if as_json else show(figures)
