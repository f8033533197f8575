"""Gathers all evidence of one environment at once. A part that does not answer in time is said to be missing; it holds up nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aipress.errors import CloudError
from aipress.kit import logs
from aipress.telemetry.diagnosis import asked, changes, code, statements, surroundings, traffic
from aipress.telemetry.diagnosis.evidence import Evidence, Fact, in_order
from aipress.telemetry.diagnosis.looking import Looking

log = logs.get()
LONGEST = 4.0  # seconds a part may take; a diagnosis has five
Part = Callable[[Looking], Awaitable[list[Fact]]]
PARTS: Mapping[str, Part] = {
    "requests": traffic.facts_of_traffic,
    "visitors": traffic.facts_of_visitors,
    "sign-ins": asked.facts_of_sign_ins,
    "page cache": asked.facts_of_cache,
    "errors": code.facts_of_errors,
    "calls of other servers": code.facts_of_calls,
    "scheduled events": code.facts_of_cron,
    "slow statements": statements.facts_of_statements,
    "changes": changes.facts_of_changes,
    "machine": surroundings.facts_of_machine,
    "connections": surroundings.facts_of_connections,
    "host names": surroundings.facts_of_names,
    "neighbours": surroundings.facts_of_processors,
}


async def gather(looking: Looking, known: Sequence[Fact] = (), seconds: float = LONGEST) -> Evidence:
    """The evidence, with the facts that are `known` already."""
    unseen: list[str] = []

    async def look(name: str, part: Part) -> list[Fact]:
        try:
            async with asyncio.timeout(seconds):
                return await part(looking)
        except (CloudError, TimeoutError) as error:
            log.warning("a part of a diagnosis could not be looked at", part=name, why=repr(error))
            unseen.append(name)
            return []

    try:
        found = await asyncio.gather(*(look(name, part) for name, part in PARTS.items()))
    finally:
        looking.stop()
    return in_order(looking.window, [*known, *(fact for part in found for fact in part)], unseen)
