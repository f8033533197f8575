"""The one query and an independent aggregator agree to the last digit, on exports of every kind. `./aipress prove costs`: 3,000."""

import os
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import sqlglot
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aipress.clouds.local import warehouse
from tests.billing.aggregator import aggregate
from tests.billing.exports import FIRST, TWICE, Number, Row, exports, write
from tests.figures import keep

FULL = bool(os.environ.get("AIPRESS_PROVE"))
CASES = 3000 if FULL else 100
QUERY = (Path(__file__).parents[2] / "aipress/billing/query.sql").read_text()
seen: Counter[str] = Counter()
differing: Counter[str] = Counter()


@pytest.mark.timeout(1800)
@settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(export=[TWICE, TWICE, TWICE | {"labels": None}], offset=0, length=60, since=120)
@given(export=exports, offset=st.integers(0, 90), length=st.integers(0, 60), since=st.integers(0, 120))
def test_the_query_and_plain_python_agree_to_the_last_digit(
    tmp_path: Path, export: list[Row], offset: int, length: int, since: int
) -> None:
    first = FIRST + timedelta(offset)
    last, exported_since = first + timedelta(length), datetime(2026, 9, 1, tzinfo=UTC) + timedelta(since)
    file = write(tmp_path / "export.jsonl", export)
    told = {"first": first, "last": last, "exported_since": exported_since}
    found, wanted = warehouse.ask(QUERY, [file], told), aggregate(export, first, last, exported_since)
    count(export)
    differing["exports"] += found != wanted
    assert found == wanted
    seen["lines that sum several rows"] += sum(line[12] > 1 for line in found)


def count(export: list[Row]) -> None:
    seen["cases"] += 1
    seen["rows"] += len(export)
    for row in export:
        keys = {one["key"] for one in row["labels"] or ()}
        seen["rows without a label of a tenant"] += "aipress-tenant-id" not in keys
        seen["rows with credits"] += bool(row["credits"])
        seen["negative rows"] += row["cost"].startswith("-")


def test_figures_are_kept_and_every_kind_of_row_was_there() -> None:
    keep(
        "costs",
        **{f"aggregation: {what}": many for what, many in seen.items()},
        **{"aggregation: differences": differing["exports"]},
    )
    assert seen["cases"] >= CASES
    assert min(seen.values()) > 0


def test_what_differs_in_the_last_digit_is_told(tmp_path: Path) -> None:
    """The comparison can fail: of two rows a billionth apart, one is not the other."""
    told = {"first": FIRST, "last": FIRST, "exported_since": datetime(2027, 1, 1, tzinfo=UTC)}
    row = {
        "usage_start_time": "2026-09-01T00:00:00Z",
        "export_time": "2026-09-01T01:00:00Z",
        "currency": "USD",
    }
    one = warehouse.ask(QUERY, [write(tmp_path / "a", [row | {"cost": "0.100000000"}])], told)
    other = aggregate([row | {"cost": "0.100000001"}], FIRST, FIRST, datetime(2027, 1, 1, tzinfo=UTC))
    assert one != other
    assert one == aggregate([row | {"cost": "0.1"}], FIRST, FIRST, datetime(2027, 1, 1, tzinfo=UTC))


def test_pitfall_23_an_amount_keeps_nine_digits(tmp_path: Path) -> None:
    """Transpiled as it is, NUMERIC would be DECIMAL(18,3), and what costs little would cost nothing."""
    row = TWICE | {"cost": "0.000012345", "credits": None}
    told = {"first": FIRST, "last": FIRST + timedelta(30), "exported_since": datetime(2027, 1, 1, tzinfo=UTC)}
    file = write(tmp_path / "a", [row])
    (line,) = warehouse.ask(QUERY, [file], told)
    assert line[10] == Decimal("0.000012345")
    (coarse,) = asked_as_is(QUERY, file, told)
    assert coarse[10] == 0


def test_pitfall_24_credits_and_labels_multiply_no_row(tmp_path: Path) -> None:
    credits = [{"name": "c", "amount": Number("-0.25"), "type": "DISCOUNT"}] * 3
    labels = [{"key": key, "value": "ten_a"} for key in ("aipress-tenant-id", "env", "team")]
    row = TWICE | {"cost": "4", "credits": credits, "labels": labels}
    told = {"first": FIRST, "last": FIRST + timedelta(30), "exported_since": datetime(2027, 1, 1, tzinfo=UTC)}
    file = write(tmp_path / "a", [row])
    (line,) = warehouse.ask(QUERY, [file], told)
    assert (line[10], line[11], line[12]) == (Decimal(4), Decimal("-0.75"), 1)
    joined = QUERY.replace(
        "FROM billing_export AS b\n", "FROM billing_export AS b, UNNEST(b.labels), UNNEST(b.credits)\n"
    )
    (multiplied,) = warehouse.ask(joined, [file], told)
    assert (multiplied[10], multiplied[12]) == (Decimal(36), 9)


def asked_as_is(sql: str, file: Path, told: Mapping[str, object]) -> list[tuple[object, ...]]:
    """The same question without the care for amounts."""
    with duckdb.connect() as connection:
        connection.execute(warehouse._source([file]))
        plain = sqlglot.transpile(sql, read="bigquery", write="duckdb")[0]
        return connection.execute(plain, dict(told)).fetchall()


def test_the_query_is_bigquerys_and_names_only_columns_of_its_export() -> None:
    """Parsed as BigQuery's, said again as BigQuery's, and every column found in the export's schema."""
    from sqlglot.optimizer.qualify import qualify

    tree = sqlglot.parse_one(QUERY, read="bigquery")
    again = tree.sql(dialect="bigquery")
    assert sqlglot.parse_one(again, read="bigquery") == tree
    schema = {warehouse.TABLE: {name: "STRING" for name in warehouse.columns()}}
    qualify(tree.copy(), schema=schema, dialect="bigquery", validate_qualify_columns=False)
    unknown = sqlglot.parse_one(QUERY.replace("b.currency", "b.currencies"), read="bigquery")
    with pytest.raises(sqlglot.errors.OptimizeError):
        qualify(unknown, schema=schema, dialect="bigquery")


def test_days_outside_the_window_come_only_if_they_were_restated(tmp_path: Path) -> None:
    old = {"usage_start_time": "2026-01-05T00:00:00Z", "currency": "USD", "cost": "1"}
    export = [
        old | {"export_time": "2026-01-06T00:00:00Z"},
        old | {"export_time": "2026-11-02T00:00:00Z", "cost": "-0.25"},
    ]
    file = write(tmp_path / "export", export)
    window = {"first": date(2026, 11, 1), "last": date(2026, 11, 2)}
    late = warehouse.ask(QUERY, [file], window | {"exported_since": datetime(2026, 11, 2, tzinfo=UTC)})
    assert [(row[0], row[10], row[12]) for row in late] == [(date(2026, 1, 5), pytest.approx(0.75), 2)]
    assert warehouse.ask(QUERY, [file], window | {"exported_since": datetime(2026, 11, 3, tzinfo=UTC)}) == []
