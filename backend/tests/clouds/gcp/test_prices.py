"""A month's price is counted from what would be sent, by prices that say where they were read; how fast sites can be made."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from aipress.clouds.gcp import prices, quotas
from aipress.clouds.gcp.environments import wanted
from aipress.clouds.gcp.planning import plan_of
from aipress.clouds.gcp.prices import Line, Load, SharedInstance
from aipress.clouds.gcp.sizes import SIZES
from aipress.clouds.options import Options
from tests.clouds.gcp.rig import ENVIRONMENT, PLACE

SHEET = prices.read()


def month(tier: str, load: Load = Load()) -> dict[str, Line]:  # noqa: B008 - frozen
    environment = replace(ENVIRONMENT, tier=tier)
    lines = prices.monthly(wanted(environment, PLACE).all, SIZES[tier].connections, load, SHEET)
    return {line.price.sku: line for line in lines}


def test_every_price_says_where_it_was_read() -> None:
    assert SHEET.read <= date(2026, 12, 31)
    assert all(one.source.startswith("https://cloud.google.com/") for one in SHEET.prices.values())


def test_a_site_that_sleeps_costs_what_is_kept_and_shared() -> None:
    lines = month("basic", Load(requests=0))
    assert {line.price.service for line in lines.values()} == {"Secret Manager", "Cloud Storage", "Cloud SQL"}
    assert lines["Active secret versions"].cost == Decimal("0.660000000")
    assert month("basic", Load(requests=0, files_gib=Fraction(10)))["Files of a site"].cost == Decimal("0.2")


def test_a_visit_costs_the_processor_while_it_lasts() -> None:
    lines = month("basic", Load(requests=1_000_000))
    assert lines["CPU while requests run"].cost == Decimal("7.2")  # 300,000 s of one vCPU
    assert lines["Memory while requests run"].cost == Decimal("0.375")  # of half a GiB
    assert lines["Requests"].cost == Decimal("0.4")


def test_an_instance_that_stays_awake_is_paid_for_all_month() -> None:
    lines = month("performance", Load(requests=0))
    seconds = 730 * 3600
    assert lines["CPU of instances kept awake"].amount == seconds * 2
    assert lines["Memory of instances kept awake"].cost == Decimal("0.0000025") * seconds * 2
    assert "CPU of instances kept awake" not in month("standard")
    busy = month("performance", Load(requests=10**8))
    assert "CPU of instances kept awake" not in busy  # busy all the time, and paid as that


def test_pitfall_03_the_price_is_of_what_is_sent_and_not_of_what_was_meant() -> None:
    resources = wanted(replace(ENVIRONMENT, tier="performance"), PLACE).all
    assert prices.total(prices.monthly(resources, SIZES["performance"].connections, Load(), SHEET)) > 30
    asleep = replace(resources[-1], body={**resources[-1].body, "scaling": {"minInstanceCount": 0}})
    cheaper = prices.total(
        prices.monthly([*resources[:-1], asleep], SIZES["performance"].connections, Load(), SHEET)
    )
    assert cheaper < 20


def test_a_share_is_what_others_can_have_no_more() -> None:
    instance = SharedInstance(4, 15, 4000, highly_available=True)
    assert instance.share(SIZES["basic"].connections) == Fraction(1, 400)  # tables run out first
    assert instance.share(SIZES["standard"].connections) == Fraction(1, 150)  # connections do
    assert instance.share(SIZES["performance"].connections) == Fraction(1, 30)
    assert (shares := [instance.share(one.connections) for one in SIZES.values()]) == sorted(shares)


@pytest.mark.parametrize("spoilt", ["amount = 0.06", 'amount = "-1"', 'amount = "NaN"', 'seen = "maybe"'])
def test_a_sheet_that_is_not_whole_is_refused(tmp_path: Path, spoilt: str) -> None:
    name = spoilt.split(" ", 1)[0]
    lines = prices.SHEET.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{name} ="))
    sheet = tmp_path / "prices.toml"
    sheet.write_text("\n".join([*lines[:at], spoilt, *lines[at + 1 :]]))
    with pytest.raises(ValueError, match="not a whole price sheet"):
        prices.read(sheet)


def test_less_than_a_cent_is_not_nothing() -> None:
    assert [prices.in_cents(Decimal(one)) for one in ("0", "0.004", "0.005", "1.999")] == [
        "0.00",
        "< 0.01",
        "0.01",
        "2.00",
    ]


def test_secrets_hold_up_making_many_sites_before_buckets_do() -> None:
    resources = wanted(ENVIRONMENT, PLACE).all
    rate, a_minute = quotas.slowest(resources)
    assert (rate.api, a_minute) == (
        "secretmanager",
        Fraction(600, 33),
    )  # made, given a value, granted: 11 times
    fewer = [one for one in resources if one.api != "secretmanager"]
    assert quotas.slowest(fewer)[0].kind == "bucket"


def test_an_instance_of_its_own_is_paid_for_whole_and_each_replica_again() -> None:
    def sql(**options: object) -> dict[str, Fraction]:
        environment = replace(ENVIRONMENT, tier="basic", options=Options(database="own", **options))  # type: ignore[arg-type]
        plan = plan_of(environment, PLACE, Load(requests=0))
        return {line.price.sku: line.amount for line in plan.lines if line.price.service == "Cloud SQL"}

    alone, followed, pooled = sql(), sql(replicas=2), sql(pooling=True)
    assert alone["CPU of an instance of its own"] == 730
    assert alone["Memory of an instance of its own"] == 730 * Fraction(3840, 1024)
    assert alone["Database of a site on SSD"] == 10
    assert followed == {sku: 3 * amount for sku, amount in alone.items()}
    assert pooled["Memory of an Enterprise Plus instance of its own"] == 730 * 16
    assert not any("Share" in sku for sku in {**alone, **followed, **pooled})


def test_an_own_instance_costs_so_much_more_that_it_is_a_choice() -> None:
    def month(options: Options) -> Decimal:
        return plan_of(replace(ENVIRONMENT, tier="basic", options=options), PLACE, Load(requests=0)).monthly

    assert month(Options()) < 3
    assert 45 < month(Options(database="own")) < 60
    assert 180 < month(Options(database="own", pooling=True)) < 220


def test_the_plan_names_what_is_made_and_tells_no_password() -> None:
    environment = replace(ENVIRONMENT, options=Options(database="own", replicas=1))
    plan = plan_of(environment, PLACE, Load())
    kinds = Counter(one.kind for one in plan.resources)
    assert kinds["Cloud SQL instance"] == 2
    assert "rootPassword" not in str(plan.resources)
    assert plan.besides[0] == ("database and user", f"w{environment.id} on w{environment.id}-0000")


def test_own_domains_have_certificates_and_one_way_for_all() -> None:
    bare, two = (plan_of(ENVIRONMENT, PLACE, Load(), names) for names in ((), ("a.example", "www.a.example")))
    more = Counter(one.kind for one in two.resources) - Counter(one.kind for one in bare.resources)
    assert more == {
        "DNS authorization": 2,
        "certificate": 2,
        "certificate map entry": 2,
        "endpoint group": 1,
        "backend service": 1,
    }
    assert two.monthly - bare.monthly == Decimal("0.40")
