"""What tokens cost, by the file of prices: exact, by the day, and unknown where nobody wrote it down."""

from datetime import date
from decimal import Decimal

import pytest

from aipress.usage.prices import Tokens, cost_of, price_list

A_DAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2026, 12, 31), Decimal("0.75") + Decimal("3.75")),
        (date(2027, 1, 1), Decimal("1.50") + Decimal("7.50")),
    ],
)
def test_a_million_tokens_cost_what_the_list_says_on_that_day(day: date, amount: Decimal) -> None:
    million = Tokens(1_000_000, 0, 1_000_000)
    assert cost_of("google", "gemini-3.8-flash", day, million) == amount
    assert cost_of("google-cloud", "gemini-3.8-flash", day, million) == amount


def test_what_the_provider_had_kept_costs_less_and_a_single_token_is_not_rounded_away() -> None:
    assert cost_of("google", "gemini-3.8-flash", A_DAY, Tokens(3, 1, 0)) == Decimal("0.000001575")
    assert cost_of("google", "gemini-3.8-flash", A_DAY, Tokens(0, 5, 0)) == Decimal("0.000000375")


@pytest.mark.parametrize(
    ("engine", "model", "day"),
    [
        ("google", "gemini-99", A_DAY),
        ("openai", "gemini-3.8-flash", A_DAY),  # at any address: what that takes is not known
        ("google", "gemini-3.8-flash", date(2026, 1, 1)),
    ],
)
def test_what_nobody_wrote_down_has_no_price(engine: str, model: str, day: date) -> None:
    assert cost_of(engine, model, day, Tokens(10, 0, 10)) is None


def test_every_price_names_its_source() -> None:
    prices = [one for prices in price_list().values() for one in prices]
    assert len(prices) >= 3
    assert all(one.source.startswith("https://") and one.engines for one in prices)
    assert all(0 < one.cached < one.input < one.output for one in prices)
