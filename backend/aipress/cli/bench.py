"""`aipress bench`: what can be measured, by name."""

from collections.abc import Callable

from aipress.cli import bench_create, say
from aipress.cli.trouble import Trouble

Figures = dict[str, float]
BENCHES: dict[str, Callable[[int, Callable[[str], None]], Figures]] = {"create": bench_create.measure}
FEWEST_SITES = 100


def measure(name: str, sites: int) -> Figures:
    """The figures of one bench; what it is doing meanwhile goes to standard error."""
    if name not in BENCHES:
        raise Trouble(f"There is no bench called {name[:40]}.", f"There are: {', '.join(BENCHES)}.")
    if sites < FEWEST_SITES:
        raise Trouble(f"{sites} sites are too few to say anything.", f"At least {FEWEST_SITES}.")
    return BENCHES[name](sites, lambda doing: say.note(f"  {doing}"))


def show(figures: Figures) -> None:
    """The figures for people."""
    for name, value in figures.items():
        say.line(f"{name:<22} {value:>12,g}")
