"""`aipress bench`: what can be measured, by name."""

from collections.abc import Callable

from aipress.cli import bench_cache, bench_chat, bench_create, bench_logs, bench_web, say
from aipress.cli.bench_platform import Tell
from aipress.cli.trouble import Trouble

Figures = dict[str, float]
BENCHES: dict[str, Callable[[int, Tell], Figures]] = {
    "create": bench_create.measure,
    "chat": lambda sites, tell: bench_chat.measure(tell),
    "logs": lambda sites, tell: bench_logs.measure(tell),
    "cache": lambda sites, tell: bench_cache.measure(tell),
    "web": lambda sites, tell: bench_web.measure(tell),
}


def measure(name: str, sites: int) -> Figures:
    """The figures of one bench; what it is doing meanwhile goes to standard error."""
    if name not in BENCHES:
        raise Trouble(f"There is no bench called {name[:40]}.", f"There are: {', '.join(BENCHES)}.")
    return BENCHES[name](sites, lambda doing: say.note(f"  {doing}"))


def show(figures: Figures) -> None:
    """The figures for people."""
    for name, value in figures.items():
        say.line(f"{name:<34} {value:>12,g}")
