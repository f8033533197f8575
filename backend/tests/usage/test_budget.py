"""A person's tokens of one day: set aside before an answer, counted after it, and never handed out twice."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from aipress.auth.principal import Principal, Role
from aipress.errors import Invalid, NotFound
from aipress.kit.db import Database
from aipress.usage import service
from aipress.usage.schemas import GrantRead, GrantWish, UsageRead, UseWrite
from aipress.usage.service import MOST_PER_ANSWER, OPEN_FOR, Budget

ADA = Principal("agent", "usr_ada", "ada@example.com", "Ada", Role.TENANT)
BOB = Principal("agent", "usr_bob", "bob@example.com", "Bob", Role.TENANT)
ROOT = Principal("user", "usr_root", "root@example.com", "Root", Role.ADMIN)
WISH = GrantWish(engine="google", model="gemini-3.8-flash")
MIDNIGHT = datetime(2026, 11, 29, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
OVERLAP = 0.5


@dataclass
class Office:
    """The budget of an installation whose clock stands still until a test sets it."""

    rows: Database
    tokens: int = 1000
    time: datetime = MIDNIGHT - timedelta(hours=3)

    @property
    def budget(self) -> Budget:
        return Budget(self.tokens, lambda: self.time)

    async def ask(self, who: Principal = ADA) -> GrantRead:
        async with self.rows.transaction() as session:
            return await service.grant(session, who, WISH, self.budget)

    async def note(self, grant: GrantRead, who: Principal = ADA, **figures: int | bool | str) -> None:
        async with self.rows.transaction() as session:
            await service.note(session, who, str(grant.id), UseWrite.model_validate(figures))

    async def answer(self, tokens: int, who: Principal = ADA) -> None:
        """One whole answer that used so many."""
        await self.note(await self.ask(who), who, input_tokens=tokens, requests=1, ended=True)

    async def look(
        self, who: Principal = ADA, since: date | None = None, until: date | None = None
    ) -> UsageRead:
        async with self.rows.reading() as session:
            return await service.shown(session, who, self.budget, since, until)


@pytest.fixture
def office(rows: Database) -> Office:
    return Office(rows)


async def test_an_answer_may_use_what_is_left_of_the_day_and_no_more(office: Office) -> None:
    assert (await office.ask()).tokens == 1000
    assert MOST_PER_ANSWER < 10**9
    office.tokens = 10**9
    assert (await office.ask(BOB)).tokens == MOST_PER_ANSWER
    office.tokens = 1000
    await office.answer(400, ROOT)
    assert (await office.ask(ROOT)).tokens == 600


async def test_who_used_up_the_day_hears_when_the_next_one_begins(office: Office) -> None:
    await office.answer(1000)
    refused = await office.ask()
    assert (refused.state, refused.id, refused.tokens) == ("used_up", None, 0)
    assert (refused.free_at, refused.tokens_per_day) == (MIDNIGHT, 1000)
    assert (await office.ask(BOB)).state == "granted"


async def test_of_two_answers_at_once_only_one_gets_the_last_tokens(office: Office) -> None:
    await office.answer(900)
    async with office.rows.transaction() as session:
        granted = await service.grant(session, ADA, WISH, office.budget)
        others = asyncio.gather(*(office.ask() for _ in range(4)))
        await asyncio.sleep(OVERLAP)  # whoever does not wait for the first has asked by now
    assert granted.tokens == 100
    assert [one.state for one in await others] == ["waiting"] * 4
    await office.note(granted, input_tokens=60, ended=True)
    assert (await office.ask()).tokens == 40


async def test_at_once_everybody_has_a_day_of_their_own(office: Office) -> None:
    grants = await asyncio.gather(*(office.ask(who) for who in (ADA, BOB, ROOT)))
    assert [one.tokens for one in grants] == [1000] * 3


async def test_what_an_answer_did_not_use_is_free_again_once_it_has_ended(office: Office) -> None:
    grant = await office.ask()
    assert (await office.look()).today.left == 0
    await office.note(grant, input_tokens=10, output_tokens=5)
    assert (await office.ask()).state == "waiting"
    await office.note(grant, input_tokens=20, output_tokens=5, ended=True)
    assert (await office.look()).today.left == 975


async def test_an_answer_whose_service_died_holds_its_tokens_only_so_long(office: Office) -> None:
    grant = await office.ask()
    await office.note(grant, input_tokens=300)
    office.time += OPEN_FOR - MOMENT
    assert (await office.ask()).state == "waiting"
    office.time += MOMENT
    assert (await office.ask()).tokens == 700


async def test_the_day_ends_at_midnight_in_utc_to_the_moment(office: Office) -> None:
    await office.answer(1000)
    office.time = MIDNIGHT - MOMENT
    assert (await office.ask()).state == "used_up"
    office.time = MIDNIGHT
    grant = await office.ask()
    assert (grant.tokens, grant.free_at) == (1000, MIDNIGHT + timedelta(days=1))


async def test_an_answer_counts_for_the_day_on_which_it_began(office: Office) -> None:
    office.time = MIDNIGHT - MOMENT
    grant = await office.ask()
    office.time = MIDNIGHT + MOMENT
    await office.note(grant, input_tokens=800, ended=True)
    assert (await office.ask()).tokens == 1000
    (row,) = [one for one in (await office.look()).items if one.tokens]
    assert (row.day, row.tokens) == (date(2026, 11, 28), 800)


async def test_where_there_is_no_limit_all_is_counted_and_nobody_is_refused(office: Office) -> None:
    office.tokens = 0
    await office.answer(10**8)
    grant = await office.ask()
    assert (grant.state, grant.tokens) == ("granted", None)
    today = (await office.look()).today
    assert (today.tokens, today.left) == (10**8, None)


async def test_figures_only_grow_so_nobody_can_take_back_what_they_used(office: Office) -> None:
    grant = await office.ask()
    await office.note(grant, input_tokens=500, output_tokens=100, requests=2, ended=True)
    await office.note(grant, ended=True)
    (row,) = (await office.look()).items
    assert (row.input_tokens, row.output_tokens, row.requests) == (500, 100, 2)
    assert (await office.ask()).tokens == 400


@pytest.mark.parametrize("who", [BOB, ROOT])
async def test_nobody_counts_for_somebody_else_not_even_an_admin(office: Office, who: Principal) -> None:
    grant = await office.ask()
    with pytest.raises(NotFound):
        await office.note(grant, who, input_tokens=999, ended=True)
    assert (await office.look()).items[0].tokens == 0


async def test_people_see_their_own_and_admins_see_everybodys(office: Office) -> None:
    for who, tokens in ((ADA, 10), (BOB, 20), (ROOT, 30)):
        await office.answer(tokens, who)
    assert [one.tokens for one in (await office.look(ADA)).items] == [10]
    assert {one.person.id: one.tokens for one in (await office.look(ROOT)).items} == {
        "usr_ada": 10,
        "usr_bob": 20,
        "usr_root": 30,
    }
    assert (await office.look(ROOT)).today.tokens == 30


async def test_a_window_is_a_few_days_and_says_which(office: Office) -> None:
    await office.answer(10)
    shown = await office.look()
    assert (shown.since, shown.until) == (date(2026, 10, 30), date(2026, 11, 28))
    assert (shown.source, shown.as_of) == ("control plane", office.time)
    assert (await office.look(until=date(2026, 11, 27))).items == []
    for since, until in ((date(2026, 1, 1), date(2026, 11, 28)), (date(2026, 11, 28), date(2026, 11, 27))):
        with pytest.raises(Invalid):
            await office.look(since=since, until=until)
