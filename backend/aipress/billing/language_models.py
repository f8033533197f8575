"""What answers about a site used of language models, as lines of its bill: where the cloud's export does not have them itself.

A model whose price nobody wrote down stands on no bill; `/api/usage` shows its tokens all the same.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import func, or_, select

from aipress.clouds.costs import CostLine, Window
from aipress.clouds.pricing import exact
from aipress.kit.db import Session
from aipress.usage.models import TokenUse
from aipress.usage.prices import Tokens, cost_of

SERVICE = "Language models"
IN_THE_EXPORT = frozenset({"gcp"})  # clouds whose bill has the model's cost, by its labels


async def lines(session: Session, cloud: str, window: Window, also: Collection[date]) -> list[CostLine]:
    """One for each day, site and model: of the window, and of these days besides. What was about no one site is nobody's."""
    if cloud in IN_THE_EXPORT:
        return []
    kinds = TokenUse.day, TokenUse.tenant_id, TokenUse.engine, TokenUse.model
    sums = TokenUse.input_tokens, TokenUse.cached_tokens, TokenUse.output_tokens
    wanted = or_(TokenUse.day.between(window.first, window.last), TokenUse.day.in_(also))
    figures: list[Any] = [*map(func.sum, sums), func.count(), func.max(TokenUse.at, type_=TokenUse.at.type)]
    query = select(*kinds, *figures)
    found: list[CostLine] = []
    for day, tenant, engine, model, fresh, cached, said, answers, at in await session.execute(
        query.where(wanted).group_by(*kinds)
    ):
        used = Tokens(int(fresh), int(cached), int(said))
        cost = cost_of(engine, model, day, used)
        if cost is not None and used.input + used.output:
            found.append(_line((day, tenant or "", model), used, cost, (answers, at)))
    return found


def _line(of: tuple[date, str, str], used: Tokens, cost: Decimal, seen: tuple[int, object]) -> CostLine:
    day, tenant, model = of
    answers, at = seen
    return CostLine(
        usage_date=day,
        invoice_month=f"{day:%Y%m}",
        tenant=tenant,
        shared="",
        service=SERVICE,
        sku=model,
        unit="token",
        kind="regular",
        currency="USD",
        amount=Decimal(used.input + used.output),
        cost=exact(Fraction(cost)),
        credits=Decimal(0),
        lines=answers,
        exported_at=at,  # type: ignore[arg-type]
    )
