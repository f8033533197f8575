"""The assistant: instructions, tools and the facts about the person of this run. The model is chosen by engines.py."""

from functools import cache
from pathlib import Path

from pydantic_ai import Agent, RunContext, UsageLimits

from aipress.chat.callers import Caller
from aipress.chat.tools import tools

INSTRUCTIONS = Path(__file__).with_name("instructions.md")
LIMITS = UsageLimits(request_limit=12, tool_calls_limit=10)
LONGEST_RUN_SECONDS = 180
MOST_SITES_TOLD = 100


@cache
def assistant() -> Agent[Caller, str]:
    """The one agent; every run brings its own caller and model."""
    made = Agent(
        deps_type=Caller,
        output_type=str,
        instructions=INSTRUCTIONS.read_text(),
        tools=tools(),
        name="assistant",
        retries=2,
    )
    made.instructions(_whose_sites)
    return made


def _whose_sites(ctx: RunContext[Caller]) -> str:
    told = [f"- {site.slug}: {site.name!r}, {site.state}" for site in ctx.deps.sites[:MOST_SITES_TOLD]]
    more = len(ctx.deps.sites) - len(told)
    rest = f"\n… and {more} more; list them when needed." if more > 0 else ""
    return (
        f"The person is a{'n admin' if ctx.deps.role == 'admin' else ' tenant'}. Their sites (slug: name, state):\n"
        + ("\n".join(told) or "none yet")
        + rest
    )
