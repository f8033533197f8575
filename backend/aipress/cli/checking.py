"""`aipress test · prove · check`: how the project examines itself. Each sets up what it needs first."""

from typing import Annotated

import typer

checking = typer.Typer()

Parts = Annotated[
    list[str] | None, typer.Option("--only", help="check, backend or frontend; may be said more than once.")
]
ForPytest = Annotated[
    list[str] | None, typer.Argument(help="Handed to pytest, after --, such as tests/api -k health.")
]


@checking.command("test")
def run_all(arguments: ForPytest = None, only: Parts = None) -> None:
    """Set up what the tests need and run all of them, the ones in a real browser too."""
    from aipress.cli.testing import run_tests

    raise typer.Exit(run_tests(only or [], arguments or []))


@checking.command()
def prove(
    name: Annotated[str, typer.Argument(help="Which proof; without a name, all of them.")] = "",
) -> None:
    """The proofs at full size; figures, machine and date go to docs/proofs/."""
    from aipress.cli.proofs import run_proofs

    raise typer.Exit(run_proofs(name))


@checking.command()
def check() -> None:
    """Style, types, imports, sizes, documents: everything that can be said without running the platform."""
    from aipress.cli.checks import run_checks

    _passed, failed = run_checks()
    raise typer.Exit(1 if failed else 0)


@checking.command()
def image(
    tag: Annotated[str, typer.Option(help="What to call it.")] = "localhost/aipress-wordpress:latest",
    base: Annotated[str, typer.Option(help="The image to build on; without it, Debian is made here.")] = "",
    mirror: Annotated[str, typer.Option(help="Debian's mirror; without it, those of this machine.")] = "",
) -> None:
    """Build the container image of one environment's WordPress, as Google Cloud Run runs it. Needs root and buildah."""
    from aipress.cli import say
    from aipress.cli.image.build import Wish, build_image
    from aipress.cli.installation import find

    wish = Wish(find().settings.wordpress_version, tag, base, mirror)
    say.line(build_image(wish, say.note))
