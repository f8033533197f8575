"""What one might say next, taken from how the person's own things really are: no site, no suggestion about it.

Each is a sentence that the assistant understands, also without a model.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from aipress.chat.control_plane import ControlPlane
from aipress.chat.schemas import Suggestion
from aipress.errors import NotFound
from aipress.operations.schemas import OperationRead
from aipress.tenants.schemas import TenantRead
from aipress.threads.schemas import ThreadSummary

MOST = 4
MOST_PLANS_ASKED = 5
FIRST = ("my bakery", "my restaurant", "my photography")


@dataclass(frozen=True)
class Waiting:
    """A plan that nobody has answered, and the conversation it waits in."""

    conversation_id: str
    title: str


@dataclass(frozen=True)
class Known:
    """What suggestions are taken from. `opened` are the ids of sites whose admin was opened; None when that is not known for sure."""

    sites: Sequence[TenantRead]
    last: OperationRead | None = None
    waiting: Sequence[Waiting] = ()
    opened: frozenset[str] | None = None


async def suggestions_for(agent: ControlPlane) -> list[Suggestion]:
    """At most four, the most pressing first."""
    person = await agent.me()
    sites, last, opened, threads = await asyncio.gather(
        agent.newest_sites(), agent.last_operation(person.id), agent.opened(), agent.threads(None)
    )
    theirs = [site for site in sites if site.access != "admin"]
    return suggestions_from(Known(theirs, last, await _waiting(agent, threads.items), opened))


def suggestions_from(known: Known) -> list[Suggestion]:
    """The same, from what is known."""
    return list(islice(_all(known), MOST))


async def _waiting(agent: ControlPlane, threads: Sequence[ThreadSummary]) -> list[Waiting]:
    asked = [(thread.id, one.plan_id) for thread in threads for one in thread.asks if one.plan_id]
    plans = await asyncio.gather(*(_plan(agent, thread, plan) for thread, plan in asked[:MOST_PLANS_ASKED]))
    return [plan for plan in plans if plan]


async def _plan(agent: ControlPlane, conversation_id: str, plan_id: str) -> Waiting | None:
    try:
        plan = await agent.plan(plan_id)
    except NotFound:
        return None
    return Waiting(conversation_id, plan.title) if plan.state == "proposed" else None


def _all(known: Known) -> Iterator[Suggestion]:
    if not known.sites:
        yield from _to_begin_with(known)
        return
    for site in known.sites:
        if site.state == "failed":
            yield from _after_a_failure(site)
    yield from _plans(known)
    for site in known.sites:
        if site.state == "provisioning":
            yield Suggestion(label=f"How far is {site.name}?", text=f"How is {site.slug}?")
    yield from _undoing(known.last)
    yield from _of_live_ones([site for site in known.sites if site.state == "live"], known.opened)
    if len(known.sites) > 1:
        yield _say("Show my sites")
    yield Suggestion(label="Create a site for…", text="Create a site for ", is_beginning=True)
    yield _say("What can you do?")


def _to_begin_with(known: Known) -> Iterator[Suggestion]:
    yield from _plans(known)
    for what in FIRST:
        yield _say(f"Create a site for {what}")
    yield _say("What can you do?")


def _after_a_failure(site: TenantRead) -> Iterator[Suggestion]:
    yield Suggestion(label=f"What is wrong with {site.name}?", text=f"How is {site.slug}?")
    # Not its name, which others may have written: what is sent are the person's own words to a model.
    called = site.slug.replace("-", " ").title()
    yield Suggestion(label=f"Make {site.name} again", text=f"Create a site called {called}")
    if site.access == "owner":
        label = f"Delete {site.name}, which did not work"
        yield Suggestion(label=label, text=f"Delete the site {site.slug}")


def _plans(known: Known) -> Iterator[Suggestion]:
    for plan in known.waiting[:1]:
        yield Suggestion(label=f"Waits for you: {plan.title}", conversation_id=plan.conversation_id)


def _undoing(last: OperationRead | None) -> Iterator[Suggestion]:
    """A renaming alone: undoing a creation is a deletion, which nobody should be tempted into."""
    if last and last.kind == "rename" and last.undo:
        yield Suggestion(label=f"Undo: {last.undo.label}", text="Undo that")


def _of_live_ones(live: Sequence[TenantRead], opened: frozenset[str] | None) -> Iterator[Suggestion]:
    owned = [site for site in live if site.access == "owner"]
    unopened = [site for site in owned if opened is not None and site.id not in opened]
    for site in unopened[:1]:
        yield Suggestion(label=f"Open WP Admin of {site.name}", text=f"Open the admin of {site.slug}")
    for site in live[:1]:
        yield Suggestion(label=f"How is {site.name}?", text=f"How is {site.slug}?")


def _say(text: str) -> Suggestion:
    return Suggestion(label=text, text=text)
