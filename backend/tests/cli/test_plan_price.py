"""Whoever is asked for a yes on a terminal is told what it costs."""

from aipress.cli.chat import price


def test_a_plan_that_costs_says_what_a_month_is_before_and_after() -> None:
    before, after = (
        {"amount": "0.0000", "currency": "USD"},
        {"amount": "38.8600", "currency": "USD"},
    )
    assert price({"price_before": before, "price_after": after}) == "  A month: 0.00 → 38.86 USD"


def test_a_plan_that_costs_nothing_more_says_nothing_of_it() -> None:
    same = {"amount": "9.0000", "currency": "USD"}
    assert price({"price_before": same, "price_after": dict(same)}) == ""
