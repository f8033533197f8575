"""The assistant: instructions, tools and the facts about the person of this run. The model is chosen by engines.py."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic_ai import Agent, RunContext, Tool, UsageLimits

from aipress.chat.callers import Caller
from aipress.chat.gated import gated
from aipress.chat.offline.directory import run_together
from aipress.chat.tools import tools

INSTRUCTIONS = Path(__file__).with_name("instructions.md")
LIMITS = UsageLimits(request_limit=12, tool_calls_limit=20)
LONGEST_RUN_SECONDS = 180
MOST_SITES_TOLD, SHORTEST_NAME = 100, 3


@cache
def assistant() -> Agent[Caller, str]:
    """The one agent; every run brings its own caller and model."""
    return with_tools(tools())


def with_tools(known: Sequence[Tool[Caller]]) -> Agent[Caller, str]:
    """The assistant with these tools, all of them behind the gate."""
    made = Agent(
        deps_type=Caller,
        output_type=str,
        instructions=INSTRUCTIONS.read_text(),
        toolsets=[gated(known)],
        name="assistant",
        retries=2,
    )
    made.instructions(_whose_sites)
    return made


def _whose_sites(ctx: RunContext[Caller]) -> str:
    caller = ctx.deps
    told = [caller.gate.told_of(site) for site in caller.sites[:MOST_SITES_TOLD]]
    more = len(caller.sites) - len(told)
    rest = f"\n… and {more} more; list them when needed." if more > 0 else ""
    return (
        f"The person is a{'n admin' if caller.role == 'admin' else ' tenant'}. Their sites (slug: state):\n"
        + ("\n".join(told) or "none yet")
        + rest
        + _meant(caller, str(ctx.prompt or ""))
    )


def _meant(caller: Caller, prompt: str) -> str:
    """Which sites the person's own words name: names may be anybody's words, so the model only hears the slugs."""
    said = run_together([prompt])
    meant = [
        site.slug
        for site in caller.sites
        if len(name := run_together([site.name])) >= SHORTEST_NAME and name in said
    ]
    return f"\nTheir message names: {', '.join(meant[:MOST_SITES_TOLD])}." if meant else ""
