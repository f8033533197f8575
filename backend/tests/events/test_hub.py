"""The ring of what changed: who was slow or away is told what they missed, or to start anew, and costs no memory."""

import asyncio

from aipress.auth.principal import Principal, Role
from aipress.events.hub import Change, Hub, Listener, turns

ADA = Principal("user", "usr_ada", "ada@example.com", "Ada", Role.TENANT)
GRACE = Principal("user", "usr_grace", "grace@example.com", "Grace", Role.ADMIN)


def change(number: int = 1, kind: str = "tenant", of: Principal = ADA, state: str = "live") -> Change:
    return Change(kind, f"x{number}", None, state, frozenset((of.id,)))  # type: ignore[arg-type]


def opened(remembered: int = 100) -> Hub:
    hub = Hub(remembered, heartbeat=0.05)
    hub.open()
    return hub


async def said(hub: Hub, *changes: Change) -> None:
    hub.tell(changes)
    await asyncio.sleep(0)


def heard(hub: Hub, listener: Listener) -> list[str] | None:
    found = hub.after(listener)
    return None if found is None else [f"{number} {one.id} {one.state}" for number, one in found]


async def test_what_changed_is_heard_once_and_of_each_thing_the_newest() -> None:
    hub = opened()
    ada = hub.listen(ADA, None)
    await said(hub, change(1, state="provisioning"), change(2), change(1))
    assert heard(hub, ada) == ["2 x2 live", "3 x1 live"]
    assert heard(hub, ada) == []


async def test_what_concerns_others_is_not_heard_and_wakes_nobody() -> None:
    hub = opened()
    ada, grace = hub.listen(ADA, None), hub.listen(GRACE, None)
    await said(hub, change(1, "plan"))
    assert (ada.woken.is_set(), grace.woken.is_set()) == (True, False)
    await said(hub, change(2, "tenant", of=GRACE))
    assert (heard(hub, ada), heard(hub, grace)) == (["1 x1 live"], ["2 x2 live"])


async def test_who_comes_back_in_time_misses_nothing_and_who_is_late_starts_anew() -> None:
    hub = opened(remembered=3)
    await said(hub, change(1), change(2))
    seen = f"{hub.epoch}-1"
    await said(hub, change(3), change(4))
    assert heard(hub, hub.listen(ADA, seen)) == ["2 x2 live", "3 x3 live", "4 x4 live"]
    await said(hub, change(5))
    assert heard(hub, hub.listen(ADA, seen)) is None
    assert heard(hub, hub.listen(ADA, f"{hub.epoch}-99")) is None
    assert heard(hub, hub.listen(ADA, "another-5")) is None


async def test_a_slow_listener_is_told_to_start_anew_and_holds_nothing_meanwhile() -> None:
    hub = opened(remembered=10)
    slow = turns(hub, hub.listen(ADA, None))
    await said(hub, change(0))
    assert await anext(slow)
    for number in range(1, 1000):
        await said(hub, change(number))
    assert len(hub._ring) == 10
    assert await anext(slow) is None
    assert [one async for one in slow] == []


async def test_starting_anew_is_told_to_everybody_and_makes_old_numbers_worthless() -> None:
    hub = opened()
    ada, before = hub.listen(ADA, None), hub.epoch
    await said(hub, change(1))
    hub.start_anew()
    assert hub.epoch != before
    assert (ada.woken.is_set(), heard(hub, ada)) == (True, None)
    assert heard(hub, hub.listen(ADA, f"{before}-1")) is None


async def test_a_listener_nobody_holds_is_forgotten() -> None:
    hub = opened()
    kept = hub.listen(ADA, None)
    hub.listen(ADA, None)
    assert (hub.how_many, kept.principal) == (1, ADA)


async def test_turns_end_when_the_hub_closes() -> None:
    hub = opened()
    listening = turns(hub, hub.listen(ADA, None))
    assert await anext(listening) == []
    hub.close()
    assert [one async for one in listening] == []


async def test_what_is_told_from_another_thread_arrives() -> None:
    hub = opened()
    ada = hub.listen(ADA, None)
    await asyncio.to_thread(hub.tell, [change(1)])
    await asyncio.sleep(0)
    assert heard(hub, ada) == ["1 x1 live"]
