"""What an answer may use of its person's day: asked for before a language model is, and counted after it by the engine's own figures.

The offline engine uses none, so it answers also when the day is used up.
"""

import asyncio
from dataclasses import dataclass, replace

from pydantic_ai import UsageLimits
from pydantic_ai.models import Model

from aipress.chat.agent import LIMITS
from aipress.chat.callers import Caller
from aipress.chat.offline_model import OfflineModel
from aipress.errors import AIPressError, TooMany
from aipress.kit import logs
from aipress.usage.schemas import GrantRead, GrantWish, UseWrite

log = logs.get()
COUNT_AGAIN_SECONDS = (0.2, 1.0, 5.0)


class NothingLeft(TooMany):
    """The day's tokens are used up, or spoken for. `free_at` is in the grant that was refused."""

    def __init__(self, refused: GrantRead) -> None:
        self.free_at = refused.free_at
        super().__init__(_told(refused))


@dataclass
class Spending:
    """What one answer may use. Without a grant its use is counted nowhere."""

    grant: GrantRead | None = None

    @property
    def limits(self) -> UsageLimits:
        """The limits of every answer, and the tokens of this one."""
        return replace(LIMITS, total_tokens_limit=self.grant.tokens) if self.grant else LIMITS


async def begin_spending(caller: Caller, model: Model) -> Spending:
    """Have tokens set aside for an answer by this model. Raises NothingLeft."""
    if isinstance(model, OfflineModel):
        return Spending()
    wish = GrantWish(engine=model.system[:64], model=model.model_name[:128])
    grant = await caller.control_plane.ask_for_tokens(wish)
    if grant.state != "granted":
        raise NothingLeft(grant)
    return Spending(grant)


async def end_spending(caller: Caller, spending: Spending) -> None:
    """Count what was used, for the person and the one site that the answer was about."""
    grant, usage = spending.grant, caller.gate.usage
    if grant is None or grant.id is None:
        return
    figures = UseWrite(
        tenant=_the_one_site(caller),
        requests=usage.requests,
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cache_read_tokens,
        output_tokens=usage.output_tokens,
        ended=True,
    )
    for pause in (*COUNT_AGAIN_SECONDS, None):
        if await _is_counted(caller, grant.id, figures):
            return
        if pause is not None:
            await asyncio.sleep(pause)
    log.error("what an answer used is not counted", use=grant.id, tokens=usage.total_tokens)


def _the_one_site(caller: Caller) -> str | None:
    """The slug of the site that tools answered about, if it was one and the same."""
    found = (one for one in caller.results.values() if isinstance(one, dict))
    about = {str(one["tenant"]) for one in found if one.get("tenant")}
    return about.pop() if len(about) == 1 else None


async def _is_counted(caller: Caller, use_id: str, figures: UseWrite) -> bool:
    try:
        await caller.control_plane.note_use(use_id, figures)
    except AIPressError as error:
        log.warning("what an answer used is not counted yet", use=use_id, why=str(error))
        return False
    return True


def _told(refused: GrantRead) -> str:
    if refused.state == "waiting":
        return "Another answer of yours may still use what is left of today's tokens. Wait for it, then ask again."
    return (
        f"You have used today's {refused.tokens_per_day:,} tokens of the language model. "
        f"It is free again at {refused.free_at:%H:%M} UTC."
    )
